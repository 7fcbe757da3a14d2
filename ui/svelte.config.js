import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Runes everywhere, so that old and new ways of holding state never meet in one file. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
