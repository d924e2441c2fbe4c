// The workbench without lift: its files from a plain server, which is all a page needs that only thinks in the browser.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `make web` puts the workbench. */
export const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist');

const kinds = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/** Serves `dist/`, but the paths in `missing`, on a free loopback port; stopped when the test ends, or before with `stop`. */
export async function serveFiles(t) {
  const missing = new Set();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://files').pathname;
    const file = join(dist, path === '/' ? 'index.html' : path);
    try {
      if (!file.startsWith(dist) || missing.has(path)) throw new Error('not here');
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': kinds[extname(file)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
      response.end(bytes);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  t.after(stop);
  return { url: `http://127.0.0.1:${server.address().port}`, missing, stop };
}
