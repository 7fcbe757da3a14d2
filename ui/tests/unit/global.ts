import type { TestProject } from 'vitest/node';
import { startBridge } from '../till/process';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the bridge to real tills. */
    bridge: string;
  }
}

/** One bridge for all tests; each opens a till of its own. */
export default async function setUp(project: TestProject): Promise<() => void> {
  const bridge = await startBridge();
  project.provide('bridge', bridge.address);
  return bridge.end;
}
