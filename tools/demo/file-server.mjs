/** Serves the demo's files over HTTP on the loopback interface, with the validators that a connector asks by. */
import { readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';

import { growing, packageFolder, still } from './datasets.mjs';
import { publishFirst } from './published-file.mjs';

const TYPES = {
  '.csv': 'text/csv; charset=utf-8',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
};

/** Listens until closed. Returns `{url, close}`; the URL has no slash at its end, a file is at `<url>/<name>`. */
export async function serveDemoFiles({ folder, port }) {
  publishFirst(folder);
  const files = new Map([
    ...still().map((name) => [name, path.join(packageFolder, name)]),
    ...Object.keys(growing).map((name) => [name, path.join(folder, name)]),
  ]);
  const server = createServer((request, response) => answer(request, response, files));
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

function answer(request, response, files) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const reading = ['GET', 'HEAD'].includes(request.method);
  if (!reading) return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  if (pathname === '/') return void sendList(response, files);
  const name = decodeURIComponent(pathname.slice(1));
  const file = files.get(name);
  if (!file)
    return void response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end(`There is no file ${name} here.\n`);
  sendFile(request, response, name, file);
}

function sendList(response, files) {
  const items = [...files.keys()].map((name) => ({ name, grows: name in growing }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
}

/** Reads the file whole, so that what is sent is what the validator stands for although the file is replaced. */
function sendFile(request, response, name, file) {
  const content = readFileSync(file);
  const { mtime } = statSync(file);
  const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`;
  const headers = {
    etag,
    'last-modified': mtime.toUTCString(),
    'cache-control': 'no-cache',
    'content-type': TYPES[path.extname(name)],
  };
  if (isFresh(request.headers, etag, mtime)) return void response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'content-length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}

/** RFC 9110, 13.1: If-None-Match decides alone when it is there. */
function isFresh(headers, etag, mtime) {
  if (headers['if-none-match']) return headers['if-none-match'].includes(etag);
  return Math.floor(mtime.getTime() / 1000) * 1000 <= Date.parse(headers['if-modified-since'] ?? '');
}
