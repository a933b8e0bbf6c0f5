import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const API = process.env.STUDIUM_API ?? 'http://127.0.0.1:8000';

/** SvelteKit hides what it reads out to screen readers by an inline style, which our content security policy refuses. */
const hiddenByClass: Plugin = {
  name: 'hidden-by-class',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/generated/root.svelte')) return null;
    return code.replace(/(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/, '$1 class="visually-hidden"');
  },
};

export default defineConfig({
  plugins: [hiddenByClass, sveltekit()],
  build: {
    // Data URLs would need a weaker content security policy.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: { proxy: { '/api': { target: API, changeOrigin: true, headers: { origin: API } } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
