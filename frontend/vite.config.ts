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

/** Every browser that runs these pages reads WOFF2: the other formats of the formula fonts would only be carried along. */
const oneFontFormat: Plugin = {
  name: 'one-font-format',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('katex.min.css')) return null;
    return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\(["'][^"']*["']\)/g, '');
  },
};

/** Code of nearly every screen: one file compresses better than twenty small ones. */
const BASE = {
  name: 'base',
  test: /src\/lib\/((api|i18n|ui)\/|shell\/appearance|maths\/split)(?!messages|icons|resource|Loaded|Empty|csv|Dialog|Html|Zoomed|Segmented|Menu|Field|Logo)/,
  minShareCount: 2,
};

/** The router comes in pieces of a few lines otherwise, each of them a request. */
const ROUTER = { name: 'router', test: /node_modules\/@sveltejs\/kit\/src\// };

export default defineConfig({
  plugins: [hiddenByClass, oneFontFormat, sveltekit()],
  build: {
    // Data URLs would need a weaker content security policy.
    assetsInlineLimit: 0,
    target: 'es2022',
    // The start script knows which scripts a page needs; a list of them here would be carried by every page.
    modulePreload: { resolveDependencies: (_, needed) => needed.filter((file) => file.endsWith('.css')) },
    rolldownOptions: { output: { codeSplitting: { groups: [BASE, ROUTER] } } },
  },
  server: { proxy: { '/api': { target: API, changeOrigin: true, headers: { origin: API } } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
