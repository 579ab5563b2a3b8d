/** Sends one request over and over on some connections, with as little work of its own as can be: it shares the machine with what it measures. */
import net from 'node:net';

export interface SentRequest {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Load {
  perSecond: number;
  /** Milliseconds of each request. */
  times: number[];
}

/** Each connection asks again as soon as it was answered. Throws at the first answer that is no success. */
export const load = async (
  request: SentRequest,
  { connections, ms }: { connections: number; ms: number },
): Promise<Load> => {
  const bytes = bytesOf(request);
  const times: number[] = [];
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () => oneConnection(request.port, bytes, begin + ms, times)),
  );
  return { perSecond: (times.length / (performance.now() - begin)) * 1_000, times };
};

const bytesOf = ({ port, path, headers, body }: SentRequest): Buffer => {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
};

const oneConnection = (port: number, bytes: Buffer, until: number, times: number[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    const answer = new Answer();
    let sentAt = 0;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(bytes);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      try {
        if (!answer.isComplete(chunk)) return;
      } catch (error) {
        socket.destroy();
        return reject(error instanceof Error ? error : new Error(String(error)));
      }
      times.push(performance.now() - sentAt);
      if (performance.now() < until) return send();
      socket.destroy();
      resolve();
    });
  });

/** Finds the end of one answer after the other on a connection; each has to tell its length. */
class Answer {
  private head = Buffer.alloc(0);
  private missing = -1;

  isComplete(chunk: Buffer): boolean {
    if (this.missing < 0) this.readHead(chunk);
    else this.missing -= chunk.length;
    if (this.missing !== 0) return false;
    this.missing = -1;
    return true;
  }

  private readHead(chunk: Buffer): void {
    this.head = Buffer.concat([this.head, chunk]);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.head.toString('latin1', 0, end);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    if (!head.startsWith('HTTP/1.1 200') || length === undefined)
      throw new Error(`An answer began with ${head.slice(0, 200)}`);
    this.missing = Number(length) - (this.head.length - end - 4);
    this.head = Buffer.alloc(0);
  }
}
