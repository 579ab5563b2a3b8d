import { text } from 'node:stream/consumers';
import { startFileServer, type FileServer } from '@freshet/testing';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client';

let server: FileServer;
const closing: { close(): Promise<unknown> }[] = [];

const client = (options: HttpClientOptions = {}): HttpClient => {
  const made = createHttpClient({
    allowHosts: ['127.0.0.1'],
    timeouts: { headers: 400, idle: 400, connect: 2_000 },
    ...options,
  });
  closing.push(made);
  return made;
};
const get = async (url: string, options?: HttpClientOptions): Promise<string> =>
  text((await client(options).fetch(url)).body);

beforeAll(async () => {
  server = await startFileServer();
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});
afterAll(() => server.close());

describe('addresses', () => {
  it('are reached when the operator opened them', async () => {
    expect(await get(server.serve('/a.csv', 'id\n1\n'))).toBe('id\n1\n');
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'localhost',
  ])('are refused otherwise, however they are written: %s', async (host) => {
    const { port } = new URL(server.url);
    const before = server.requests.length;
    await expect(get(`http://${host}:${port}/a.csv`, { allowHosts: [] })).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
    expect(server.requests).toHaveLength(before);
  });

  it('are checked when connecting: a name that resolves to a private address is refused', async () => {
    const resolve = async () => [{ address: '169.254.169.254', family: 4 }];
    await expect(get('http://innocent.example/latest/meta-data', { resolve })).rejects.toMatchObject({
      code: 'address_not_allowed',
      message: expect.stringContaining('innocent.example') as string,
    });
  });

  it('are checked for each connection: a name that was allowed once does not stay allowed', async () => {
    const { port } = new URL(server.serve('/rebind.csv', 'id\n', {}));
    const answers = ['127.0.0.1', '127.0.0.2'];
    const resolve = async () => [{ address: answers.shift() ?? '127.0.0.2', family: 4 }];
    const url = `http://rebinding.example:${port}/rebind.csv`;
    const one = client({ resolve });
    server.fail('/rebind.csv', { kind: 'truncate', afterBytes: 1 });
    await expect(text((await one.fetch(url)).body)).rejects.toMatchObject({ code: 'source_unreachable' });
    await expect(one.fetch(url)).rejects.toMatchObject({ code: 'address_not_allowed' });
  });

  it('are tried among those that are allowed when a name has several', async () => {
    const { port } = new URL(server.serve('/several.csv', 'id\n'));
    const resolve = async () => [
      { address: '10.0.0.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect(await get(`http://several.example:${port}/several.csv`, { resolve })).toBe('id\n');
  });

  it('may be opened by name', async () => {
    const { port } = new URL(server.serve('/named.csv', 'id\n'));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(
      await get(`http://Intranet.example:${port}/named.csv`, { resolve, allowHosts: ['intranet.example'] }),
    ).toBe('id\n');
  });

  it.each([
    ['file:///etc/passwd', 'is not a web address'],
    ['ftp://example.org/a.csv', 'is not a web address'],
    ['not an address', 'is not a web address'],
    ['https://me:secret@example.org/', 'a user name or password'],
  ])('%s is refused', async (url, message) => {
    await expect(get(url)).rejects.toMatchObject({
      code: 'address_not_allowed',
      message: expect.stringContaining(message) as string,
    });
  });

  it('whose name nobody knows are told as such', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    await expect(get('http://misspelt.example/', { resolve })).rejects.toMatchObject({
      code: 'source_unreachable',
      message: 'No host is called misspelt.example.',
      details: { action: 'Check the spelling of the address.' },
    });
  });

  it('where nobody listens are told as such', async () => {
    const closed = await startFileServer();
    await closed.close();
    await expect(get(closed.url)).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('refused') as string,
    });
  });
});

describe('redirects', () => {
  it('are followed, and the end is told', async () => {
    server.serve('/end.csv', 'id\n');
    const url = server.serve('/start.csv', '');
    server.fail('/start.csv', { kind: 'redirect', to: '/end.csv' });
    const answer = await client().fetch(url);
    expect(answer).toMatchObject({ status: 200, url: `${server.url}/end.csv` });
    expect(await text(answer.body)).toBe('id\n');
  });

  it.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    '//192.168.0.1/',
    'file:///etc/passwd',
  ])('to %s are refused', async (to) => {
    const url = server.serve('/away.csv', '');
    server.fail('/away.csv', { kind: 'redirect', to });
    await expect(get(url)).rejects.toMatchObject({ code: 'address_not_allowed' });
  });

  it('that go in circles end after five', async () => {
    const url = server.serve('/circle.csv', '');
    server.fail(
      '/circle.csv',
      ...Array.from({ length: 9 }, () => ({ kind: 'redirect' as const, to: '/circle.csv' })),
    );
    const before = server.requests.length;
    await expect(get(url)).rejects.toMatchObject({ code: 'source_refused' });
    expect(server.requests).toHaveLength(before + 6);
  });

  it('take credentials along within an origin only', async () => {
    const other = await startFileServer();
    closing.push(other);
    const far = other.serve('/far.csv', '');
    const url = server.serve('/near.csv', '');
    server.fail('/near.csv', { kind: 'redirect', to: '/near.csv' }, { kind: 'redirect', to: far });
    const { body } = await client().fetch(url, { headers: { authorization: 'Bearer x' } });
    body.destroy();
    expect(server.requests.slice(-2).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer x',
      'Bearer x',
    ]);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe('bodies', () => {
  it.each([
    ['never come', { kind: 'hang' }, 'did not answer in time'],
    ['stop in the middle', { kind: 'stall', afterBytes: 5 }, 'stopped sending'],
    ['are cut off', { kind: 'truncate', afterBytes: 5 }, 'broke off'],
    ['end early in gzip', { kind: 'truncated-gzip' }, 'ended too early'],
  ] as const)('that %s fail as unreachable', async (_what, fault, message) => {
    const url = server.serve('/body.csv', 'id,name\n1,somebody\n'.repeat(100));
    server.fail('/body.csv', fault);
    await expect(get(url)).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining(message) as string,
    });
  });

  it('that are damaged gzip fail as unreadable', async () => {
    const url = server.serve('/damaged.csv', 'id,name\n1,somebody\n');
    server.fail('/damaged.csv', { kind: 'bad-gzip' });
    await expect(get(url)).rejects.toMatchObject({ code: 'source_unreadable' });
  });

  it('are unpacked, and bounded once unpacked', async () => {
    const url = server.serve('/bomb.csv', 'x'.repeat(5_000_000), { gzip: true });
    expect(await get(url)).toHaveLength(5_000_000);
    await expect(get(url, { maxBodyBytes: 1_048_576 })).rejects.toMatchObject({
      code: 'source_unreadable',
      message: expect.stringContaining('more than the 1 MB') as string,
    });
  });

  it('are given up when the caller does', async () => {
    const url = server.serve('/slow.csv', 'id,name\n1,somebody\n');
    server.fail('/slow.csv', { kind: 'stall', afterBytes: 3 });
    const controller = new AbortController();
    const { body } = await client({ timeouts: { idle: 60_000 } }).fetch(url, { signal: controller.signal });
    const reading = text(body);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('that take too long in all are given up', async () => {
    const url = server.serve('/drip.csv', 'id,name\n1,somebody\n');
    server.fail('/drip.csv', { kind: 'stall', afterBytes: 3 });
    await expect(get(url, { timeouts: { idle: 60_000, total: 100 } })).rejects.toMatchObject({
      code: 'source_unreachable',
      message: expect.stringContaining('took too long') as string,
    });
  });
});
