import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  kit: {
    // One page for every path: the server decides nothing, so every screen is made in the browser.
    adapter: adapter({ fallback: 'index.html' }),
    paths: { relative: false },
    version: { pollInterval: 300_000 },
  },
};
