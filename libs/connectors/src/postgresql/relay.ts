/** Stands between a client and PostgreSQL and breaks on demand what comes back. For specs only. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type RelayFault =
  /** What the client sends next is swallowed, as all that follows on that connection. */
  | 'hang'
  /** Half of the next answer arrives, then the connection breaks. */
  | 'truncate'
  /** What the client asks next is done, and the connection breaks in place of the answer. */
  | 'lose-answer';

export interface Relay {
  port: number;
  /** The next questions meet these faults, one each. */
  fail(...faults: RelayFault[]): void;
  recover(): void;
  close(): Promise<void>;
}

export const startRelay = async (target: { host: string; port: number }): Promise<Relay> => {
  let faults: RelayFault[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    let fault: RelayFault | undefined;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      fault ??= faults.shift();
      if (fault !== 'hang') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (fault === undefined) client.write(bytes);
      else if (fault === 'lose-answer') client.destroy();
      else if (fault === 'truncate')
        client.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => client.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    fail: (...more) => void faults.push(...more),
    recover: () => void (faults = []),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
