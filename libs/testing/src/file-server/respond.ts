/** How one request for one file is answered, with or without a fault. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FileFault } from './faults';
import { parseRange } from './range';
import { clientHasIt, etagOf, lastModifiedOf, type ServedFile } from './served-file';

const contentTypes: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  gz: 'application/gzip',
};

const contentTypeOf = (file: ServedFile, path: string): string | null =>
  file.options.contentType === undefined
    ? (contentTypes[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
    : file.options.contentType;

const headersOf = (file: ServedFile, path: string): OutgoingHttpHeaders => {
  const etag = etagOf(file);
  const contentType = contentTypeOf(file, path);
  const lastModified = lastModifiedOf(file);
  return {
    'accept-ranges': 'bytes',
    ...(contentType === null ? {} : { 'content-type': contentType }),
    ...(etag === null ? {} : { etag }),
    ...(lastModified ? { 'last-modified': lastModified.toUTCString() } : {}),
  };
};

/** Answers, and returns the status sent (0 for none). */
export const respond = (
  file: ServedFile,
  fault: FileFault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): number => {
  if (fault?.kind === 'hang') return 0;
  if (request.method === 'HEAD' && file.options.head !== undefined) {
    response.writeHead(file.options.head).end();
    return file.options.head;
  }
  if (fault?.kind === 'status') {
    const retryAfter = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
    response
      .writeHead(fault.status, { 'content-type': 'text/plain', ...retryAfter })
      .end(fault.body ?? 'fault');
    return fault.status;
  }
  if (fault?.kind === 'redirect') {
    const status = fault.status ?? 302;
    response.writeHead(status, { location: fault.to }).end();
    return status;
  }
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const headers = headersOf(file, path);
  if (fault?.kind === 'content-type') headers['content-type'] = fault.contentType;
  if (clientHasIt(file, request.headers['if-none-match'], request.headers['if-modified-since'])) {
    response.writeHead(304, headers).end();
    return 304;
  }
  return sendBody(file, fault, headers, request, response);
};

const sendBody = (
  file: ServedFile,
  fault: FileFault | undefined,
  headers: OutgoingHttpHeaders,
  request: IncomingMessage,
  response: ServerResponse,
): number => {
  const range = parseRange(request.headers.range, file.body.length);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${file.body.length}` }).end();
    return 416;
  }
  const acceptsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const gzip =
    fault?.kind === 'truncated-gzip' ||
    fault?.kind === 'bad-gzip' ||
    (file.options.gzip === true && acceptsGzip);
  const part = range ? file.body.subarray(range.start, range.end) : file.body;
  const whole = gzip && fault?.kind !== 'bad-gzip' ? gzipSync(part) : part;
  const body = fault?.kind === 'truncated-gzip' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  const status = range ? 206 : 200;
  response.writeHead(status, {
    ...headers,
    ...(gzip ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {}),
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${file.body.length}` } : {}),
    ...(file.options.chunked === true ? {} : { 'content-length': body.length }),
  });
  if (request.method === 'HEAD') response.end();
  else if (fault?.kind === 'stall') response.write(body.subarray(0, fault.afterBytes));
  else if (fault?.kind === 'truncate')
    response.write(body.subarray(0, fault.afterBytes), () => response.socket?.destroy());
  else response.end(body);
  if (fault?.kind === 'change-after') file.body = Buffer.from(fault.body);
  return status;
};
