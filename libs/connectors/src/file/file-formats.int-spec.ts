import { gzipSync } from 'node:zlib';
import { startFileServer, type FileServer } from '@freshet/testing';
import { specReader } from './spec-reader';

const reader = specReader();
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => Promise.all([server.close(), reader.close()]));

describe('finding out the format', () => {
  it.each([
    ['the content type', '/export', 'application/x-ndjson', '{"id":1}'],
    ['the name', '/export.ndjson', 'text/plain', '{"id":1}'],
    ['the beginning of a list', '/export', null, '[{"id":1}]'],
    ['lines of objects, although called JSON', '/export.json', 'application/json', '{"id":1}\n{"id":1}'],
    ['nothing else, so CSV', '/export', 'application/octet-stream', 'id\n1\n'],
  ])('goes by %s', async (_what, path, contentType, content) => {
    const url = server.serve(path, content, { contentType });
    expect((await reader.table({ url })).rows[0]).toEqual(['1']);
  });

  it('does what a person said', async () => {
    const url = server.serve('/export.json', 'id\n1\n');
    expect((await reader.table({ url, format: 'csv' })).rows).toEqual([['1']]);
  });

  it.each([
    ['gzip by its first bytes', '/a.csv', gzipSync('id\n1\n'), {}],
    ['gzip by name', '/a.ndjson.gz', gzipSync('{"id":1}'), {}],
    ['gzip on the way', '/a.csv', Buffer.from('id\n1\n'), { gzip: true }],
    ['both', '/a.csv.gz', gzipSync('id\n1\n'), { gzip: true }],
  ])('unpacks %s', async (_what, path, body, options) => {
    const url = server.serve(path, body, options);
    expect((await reader.table({ url })).rows).toEqual([['1']]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'is empty'],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'), 'web page'],
    ['an Excel workbook', Buffer.from('PK\x03\x04rest'), 'Excel'],
    ['an empty list, of which nothing is known', Buffer.from('[]'), 'no rows yet'],
    [
      'more columns than a table can have',
      Buffer.from(Array.from({ length: 1_001 }, (_, index) => `c${index}`).join(',')),
      '1000 columns',
    ],
    ['damaged gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255]), 'damaged'],
  ])('refuses %s with a sentence', async (_what, body, message) => {
    const url = server.serve('/export', body);
    await expect(reader.read({ url })).rejects.toMatchObject({
      code: 'source_unreadable',
      message: expect.stringContaining(message) as string,
      details: { action: expect.any(String) as string },
    });
  });

  it('names the page that came in place of a file', async () => {
    const url = server.serve('/a.csv', '<html>Please sign in</html>');
    server.fail('/a.csv', { kind: 'content-type', contentType: 'text/html' });
    await expect(reader.read({ url })).rejects.toMatchObject({
      message: 'The address leads to a web page, not to a data file.',
    });
  });
});
