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
  const oneAfterTheOther = async (connection: Connection): Promise<void> => {
    do {
      const sentAt = performance.now();
      await connection.ask(bytes);
      times.push(performance.now() - sentAt);
    } while (performance.now() < begin + ms);
  };
  await withConnections(request.port, connections, (open) => Promise.all(open.map(oneAfterTheOther)));
  return { perSecond: (times.length / (performance.now() - begin)) * 1_000, times };
};

/**
 * Sends each request at its time whatever became of those before, so that waiting is not hidden. One that finds every connection taken
 * waits for the next, and its wait counts. @returns milliseconds from the time each was due to its answer
 */
export const openLoad = async (
  request: SentRequest,
  { connections, ms, perSecond }: { connections: number; ms: number; perSecond: number },
): Promise<number[]> => {
  const bytes = bytesOf(request);
  const times: number[] = [];
  const begin = performance.now();
  let place = 0;
  const takeTheNext = async (connection: Connection): Promise<void> => {
    for (;;) {
      const due = begin + (place++ * 1_000) / perSecond;
      if (due >= begin + ms) return;
      const early = due - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      await connection.ask(bytes);
      times.push(performance.now() - due);
    }
  };
  await withConnections(request.port, connections, (open) => Promise.all(open.map(takeTheNext)));
  return times;
};

const withConnections = async (
  port: number,
  count: number,
  use: (open: Connection[]) => Promise<unknown>,
): Promise<void> => {
  const open = Array.from({ length: count }, () => new Connection(port));
  try {
    await use(open);
  } finally {
    for (const connection of open) connection.close();
  }
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

class Connection {
  private readonly socket: net.Socket;
  private readonly answer = new Answer();
  private settle: { resolve: () => void; reject: (reason: Error) => void } | null = null;

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      try {
        if (this.answer.isComplete(chunk)) this.settle?.resolve();
      } catch (error) {
        this.socket.destroy(error as Error);
      }
    });
    this.socket.on('error', (error) => this.settle?.reject(error));
    this.socket.on('close', () => this.settle?.reject(new Error('The connection was closed.')));
  }

  /** One request at a time. */
  ask(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

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
