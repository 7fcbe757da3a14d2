import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = fileURLToPath(new URL('../../../target/ui-double', import.meta.url));

// The window over a double. It is built beside the product, never into it.
export default defineConfig({
  root: here,
  base: './',
  publicDir: fileURLToPath(new URL('../../public', import.meta.url)),
  plugins: [
    svelte({ configFile: fileURLToPath(new URL('../../svelte.config.js', import.meta.url)) }),
  ],
  build: {
    target: 'es2022',
    outDir: out,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { port: 5174, host: '127.0.0.1', fs: { allow: ['../..'] } },
});
