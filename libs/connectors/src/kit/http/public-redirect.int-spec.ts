import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startFileServer } from '@freshet/testing';
import { createHttpClient } from './http-client';

// No address of a test is public, so one loopback address stands in for the internet once a connection is made.
jest.mock('./address-rules', () => {
  const actual = jest.requireActual<typeof import('./address-rules')>('./address-rules');
  return {
    ...actual,
    isPublicAddress: (address: string) => address === '127.0.0.2' || actual.isPublicAddress(address),
  };
});

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const redirector = async (host: string, to: string): Promise<string> => {
  const server = createServer((_request, response) => response.writeHead(302, { location: to }).end());
  server.listen(0, host);
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}:${(server.address() as AddressInfo).port}/`;
};

// Skipped elsewhere: on macOS 127.0.0.2 and 127.0.0.3 are no addresses of the machine until somebody adds them.
const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'a public server can not send a request on to a private one, though people may open that one',
  async () => {
    const inside = await startFileServer();
    const http = createHttpClient({ allowHosts: ['127.0.0.0/8'] });
    closing.push(
      () => http.close(),
      () => inside.close(),
    );
    const target = inside.serve('/secret.csv', 'id\n');

    await expect(http.fetch(await redirector('127.0.0.2', target))).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
    expect(inside.requests).toEqual([]);
    expect(await text((await http.fetch(await redirector('127.0.0.3', target))).body)).toBe('id\n');
  },
);
