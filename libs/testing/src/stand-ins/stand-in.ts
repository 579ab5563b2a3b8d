/** The server under every vendor's stand-in: routes, request log, clock, and faults on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { StandInFault } from './faults';

export interface VendorRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** As text; '' for none. */
  body: string;
}

export interface VendorAnswer {
  status: number;
  /** Sent as JSON unless it is a string or bytes. */
  body: unknown;
  /** Lower-case names. */
  headers?: Record<string, string>;
}

export interface SeenRequest extends VendorRequest {
  /** The status answered; 0 when the connection was left hanging or cut. */
  status: number;
}

export interface StandInOptions {
  /** 0 takes any free port. */
  port?: number;
  /** The vendor's clock: quotas, expiry and the age of restated data follow it. */
  now?: () => Date;
  /** The vendor's own form of an error that a fault asks for, such as 429. */
  errorBody?: (status: number) => unknown;
  /** Requests for which this is true meet no faults and are not logged: sign-in of people, control of the stand-in itself. */
  isAside?: (request: VendorRequest) => boolean;
}

export type Answer = (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>;

export interface StandIn {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string;
  /** Every request so far, oldest first. */
  requests: SeenRequest[];
  /** The next requests meet these faults, one each; then all is well again. */
  fail(...faults: StandInFault[]): void;
  /** Takes back faults that no request has met. */
  recover(): void;
  now(): Date;
  close(): Promise<void>;
}

/** Thrown by an answer to refuse a request in the vendor's own words. */
export class Refusal extends Error {
  constructor(readonly answer: VendorAnswer) {
    super(`refused with ${answer.status}`);
  }
}

export const startStandIn = async (answer: Answer, options: StandInOptions = {}): Promise<StandIn> => {
  const { now = () => new Date(), errorBody = (status) => ({ error: { code: status } }), isAside } = options;
  const requests: SeenRequest[] = [];
  let faults: StandInFault[] = [];
  let before: VendorAnswer | undefined;

  const answerOf = async (request: VendorRequest): Promise<VendorAnswer> => {
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      return {
        status: 500,
        body: `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`,
      };
    }
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(message);
    if (isAside?.(request)) return send(response, await answerOf(request), request);
    const seen: SeenRequest = { ...request, status: 0 };
    requests.push(seen);
    const fault = faults.shift();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'status') {
      const retryAfter: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      seen.status = fault.status;
      return send(
        response,
        { status: fault.status, body: errorBody(fault.status), headers: retryAfter },
        request,
      );
    }
    if (fault?.kind === 'html') {
      seen.status = 200;
      const headers = { 'content-type': 'text/html' };
      return send(
        response,
        { status: 200, body: '<html><body>Please sign in</body></html>', headers },
        request,
      );
    }
    const answered = fault?.kind === 'repeat' && before ? before : await answerOf(request);
    before = answered;
    if (fault?.kind === 'lose-answer') return void response.socket?.destroy();
    seen.status = answered.status;
    if (fault?.kind === 'truncate') return truncate(response, answered);
    if (fault?.kind === 'bad-gzip') {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end('not gzip');
      return;
    }
    send(response, answered, request);
  };

  const server = createServer((message, response) => void serve(message, response));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (...more) => void faults.push(...more),
    recover: () => void (faults = []),
    now,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const read = async (message: IncomingMessage): Promise<VendorRequest> => {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
};

const encoded = ({ body, headers }: VendorAnswer): { bytes: Buffer; headers: Record<string, string> } => {
  if (Buffer.isBuffer(body)) return { bytes: body, headers: { ...headers } };
  if (typeof body === 'string')
    return { bytes: Buffer.from(body), headers: { 'content-type': 'text/plain', ...headers } };
  const json = { 'content-type': 'application/json; charset=UTF-8', ...headers };
  return { bytes: Buffer.from(body === undefined ? '' : JSON.stringify(body)), headers: json };
};

const send = (response: ServerResponse, answer: VendorAnswer, request: VendorRequest): void => {
  const { bytes, headers } = encoded(answer);
  const gzip = bytes.length > 1_000 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = gzip ? gzipSync(bytes, { level: 1 }) : bytes;
  response.writeHead(answer.status, {
    ...headers,
    ...(gzip && { 'content-encoding': 'gzip' }),
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

const truncate = (response: ServerResponse, answer: VendorAnswer): void => {
  const { bytes, headers } = encoded(answer);
  response.writeHead(answer.status, { ...headers, 'content-length': bytes.length + 1 });
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.socket?.destroy());
};
