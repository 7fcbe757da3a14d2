import { runnerImport } from 'vite';

// The pictures share TypeScript with the unit tests, and Vite reads it.
const { module } = await runnerImport(new URL('./shots.ts', import.meta.url).pathname);
process.exitCode = await module.takeAll(process.argv.slice(2));
