import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
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

const redirector = async (host: string, to: string): Promise<{ url: string; server: Server }> => {
  const server = createServer((_request, response) => response.writeHead(302, { location: to }).end());
  server.listen(0, host);
  await once(server, 'listening');
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/`, server };
};

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'a public server can not send a request on to a private one, though people may open that one themselves',
  async () => {
    const inside = await startFileServer();
    const target = inside.serve('/secret.csv', 'id\n');
    const outside = await redirector('127.0.0.2', target);
    const near = await redirector('127.0.0.3', target);
    const http = createHttpClient({ allowHosts: ['127.0.0.0/8'] });

    await expect(http.fetch(outside.url)).rejects.toMatchObject({ code: 'address_not_allowed' });
    expect(inside.requests).toEqual([]);
    expect(await text((await http.fetch(near.url)).body)).toBe('id\n');

    outside.server.close();
    near.server.close();
    await Promise.all([http.close(), inside.close()]);
  },
);
