import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The program, as `cargo xtask test` built it or as it is built now. */
function built(): string {
  const given = process.env['EVERTILL_BRIDGE'];
  if (given !== undefined) return given;
  // The packages that `cargo xtask dev` builds too, so that one does not rebuild for the other.
  const words = ['build', '--quiet', '-p', 'evertill-demo', '-p', 'evertill-testkit', '--bins'];
  execFileSync('cargo', words, { cwd: root, stdio: 'inherit' });
  const target = process.env['CARGO_TARGET_DIR'] ?? 'target';
  const name = process.platform === 'win32' ? 'evertill-bridge.exe' : 'evertill-bridge';
  return join(root, target, 'debug', name);
}

/** Starts the bridge to real tills; answers its address and how to end it. */
export async function startBridge(): Promise<{ address: string; end: () => void }> {
  const program = built();
  if (!existsSync(program)) throw new Error(`${program} is not there: build it with cargo`);
  // It lives as long as its standard input is open, so it ends with this process in any case.
  const bridge = spawn(program, ['--tests', '--port', '0'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((said, failed) => {
    bridge.once('exit', (code) => failed(new Error(`the bridge ended with ${code}`)));
    bridge.once('error', failed);
    createInterface(bridge.stdout).once('line', (line) => said(line.replace(/^.* on /, '')));
  });
  return { address, end: () => bridge.stdin.end() };
}
