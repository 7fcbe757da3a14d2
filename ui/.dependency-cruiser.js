/** Refuses circles: of files, and of the folders in `src/features`, each of which is one domain. */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Two files that import each other cannot be understood one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circle-of-features',
      comment: 'What both need belongs into one of the two, into design, or is composed by a view.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/features/' },
      to: { circular: true },
    },
    {
      name: 'found',
      comment: 'One of our files that is not found is one that is not looked at.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^\\.' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Types are imports too, except in a component: its compiler drops them before they are seen.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/paraglide/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'types', 'default'],
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js'],
    },
  },
};
