import { createReadStream, existsSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** As strict as the shell's: no inline script, no inline style, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'";

/**
 * Serves the window on loopback once for each till: `/7/` is the window over the till with the
 * number 7, and what lies below `/7/till/` is that till on the bridge.
 */
export function serve(
  folder: string,
  bridge: string,
): Promise<{ windowOf: (till: string) => string; stop: () => void }> {
  const server = createServer((asked, response) => {
    const [, till = '', ...rest] = new URL(asked.url ?? '', bridge).pathname.split('/');
    if (rest[0] === 'till')
      pass(`${bridge}/tills/${till}/${rest.slice(1).join('/')}`, asked, response);
    else give(folder, rest.join('/'), response);
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const windowOf = (till: string): string => `http://127.0.0.1:${port}/${till}/`;
      const stop = (): void => {
        server.close();
        server.closeAllConnections();
      };
      done({ windowOf, stop });
    });
  });
}

function give(folder: string, path: string, response: ServerResponse): void {
  const file = join(folder, normalize(path === '' ? 'index.html' : path));
  if (!file.startsWith(folder) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
  });
  createReadStream(file).pipe(response);
}

function pass(url: string, asked: IncomingMessage, response: ServerResponse): void {
  const headers = { ...asked.headers, host: new URL(url).host };
  const passed = request(url, { method: asked.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  // A page that is closed hears no more.
  response.on('close', () => passed.destroy());
  asked.pipe(passed);
}
