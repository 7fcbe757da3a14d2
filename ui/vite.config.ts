import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The window is served from inside the program, so every path is relative to index.html, and the
// oldest web view it runs in is the WebKitGTK of Debian 12.
export default defineConfig({
  plugins: [svelte()],
  base: './',
  clearScreen: false,
  server: {
    port: 5173,
    strictPort: true,
    host: '127.0.0.1',
    // `cargo xtask dev` starts a real till behind this address for browsers.
    proxy: {
      '/till': {
        target: 'http://127.0.0.1:5180',
        changeOrigin: true,
        rewrite: (path) => path.replace(/^\/till/, ''),
      },
    },
  },
  build: {
    target: ['es2022', 'safari16.4'],
    outDir: 'dist',
    emptyOutDir: true,
    // An inline module preload script would need a hole in the content security policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
