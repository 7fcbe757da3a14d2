import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Refuses imports that go against the arrows of docs/ARCHITECTURE.md. */
function arrows(files, ...patterns) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

const tauri = {
  group: ['@tauri-apps/*'],
  message: 'Only ui/src/backend talks to the shell.',
};
const features = { group: ['**/features/**'], message: 'Only views compose features.' };
const views = { group: ['**/views/**'], message: 'Nothing but main.ts imports a view.' };
const backend = { group: ['**/backend/**', '**/backend'], message: 'Design knows no backend.' };

export default ts.config(
  { ignores: ['dist/', 'src/paraglide/', 'src/backend/generated/', 'node_modules/'] },
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', 500],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  arrows(['src/design/**'], tauri, features, views, backend),
  arrows(['src/messages/**'], tauri, features, views, backend),
  arrows(['src/backend/**'], features, views),
  arrows(['src/features/**'], tauri, features, views),
  arrows(['src/views/**', 'src/main.ts'], tauri),
  { files: ['tests/shots/**'], rules: { 'no-console': 'off' } },
);
