import { startFileServer, type FileServer } from './file-server';

let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => server.close());

describe('the file server', () => {
  it('answers 304 to those who have the file, until it changes', async () => {
    const url = server.serve('/a.csv', 'one');
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const headers = { 'if-none-match': etag };
    expect((await fetch(url, { headers })).status).toBe(304);
    server.serve('/a.csv', 'two');
    expect((await fetch(url, { headers })).status).toBe(200);
  });

  it.each([
    ['bytes=1-3', 206, 'bcd', 'bytes 1-3/6'],
    ['bytes=4-', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=2-99', 206, 'cdef', 'bytes 2-5/6'],
    ['lines=1-2', 200, 'abcdef', null],
  ])('sends the range %s', async (range, status, body, contentRange) => {
    const url = server.serve('/range.txt', 'abcdef');
    const response = await fetch(url, { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('refuses a range beyond the end', async () => {
    const url = server.serve('/range.txt', 'abcdef');
    expect((await fetch(url, { headers: { range: 'bytes=6-' } })).status).toBe(416);
  });

  it('compresses for those who can read it', async () => {
    const url = server.serve('/z.csv', 'x'.repeat(1_000), { gzip: true });
    const response = await fetch(url);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toHaveLength(1_000);
  });

  it('meets each fault once, in order, and remembers the requests', async () => {
    const url = server.serve('/faulty.csv', 'fine');
    server.fail(
      '/faulty.csv',
      { kind: 'status', status: 429, retryAfter: '3' },
      { kind: 'status', status: 500 },
    );
    const first = await fetch(url);
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await fetch(url)).status).toBe(500);
    expect(await (await fetch(url)).text()).toBe('fine');
    expect(server.requests.filter(({ path }) => path === '/faulty.csv').map(({ status }) => status)).toEqual([
      429, 500, 200,
    ]);
  });

  it('cuts a body that it announced longer', async () => {
    const url = server.serve('/cut.csv', 'x'.repeat(100));
    server.fail('/cut.csv', { kind: 'truncate', afterBytes: 10 });
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow('terminated');
  });

  it('has nothing at other paths', async () => {
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });
});
