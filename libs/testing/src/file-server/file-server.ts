/** A stand-in for the web servers that people's files live on: validators, gzip, ranges, and faults on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FileFault } from './faults';
import { respond } from './respond';
import type { ServedFile, ServedFileOptions } from './served-file';

export interface ServedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** The status answered; 0 when the connection was left hanging. */
  status: number;
}

export interface FileServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string;
  /** Every request so far, oldest first. */
  requests: ServedRequest[];
  /** Puts a file at a path (beginning with `/`), in place of what was there, and returns its address. */
  serve(path: string, body: string | Buffer, options?: ServedFileOptions): string;
  /** The next GET requests to that path meet these faults, one each; then all is well again. */
  fail(path: string, ...faults: FileFault[]): void;
  remove(path: string): void;
  close(): Promise<void>;
}

export const startFileServer = async (): Promise<FileServer> => {
  const files = new Map<string, ServedFile>();
  const requests: ServedRequest[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = files.get(path);
    const seen: ServedRequest = {
      method: request.method ?? 'GET',
      path,
      headers: request.headers,
      status: 0,
    };
    requests.push(seen);
    if (!file) {
      seen.status = 404;
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.');
      return;
    }
    const fault = request.method === 'GET' ? file.faults.shift() : undefined;
    file.served += 1;
    seen.status = respond(file, fault, request, response);
  };

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    serve(path, body, options = {}) {
      const faults = files.get(path)?.faults ?? [];
      files.set(path, { body: Buffer.isBuffer(body) ? body : Buffer.from(body), options, faults, served: 0 });
      return url + path;
    },
    fail(path, ...faults) {
      const file = files.get(path) ?? { body: Buffer.alloc(0), options: {}, faults: [], served: 0 };
      file.faults.push(...faults);
      files.set(path, file);
    },
    remove(path) {
      files.delete(path);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
