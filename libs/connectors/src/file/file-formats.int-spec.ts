import { gzipSync } from 'node:zlib';
import { startFileServer, type FileServer } from '@freshet/testing';
import iconv from 'iconv-lite';
import { specReader } from './spec-reader';

const reader = specReader();
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => Promise.all([server.close(), reader.close()]));

describe('CSV', () => {
  it('knows quotes, line breaks in cells, CRLF and a byte-order mark', async () => {
    const url = server.serve('/a.csv', '\uFEFFid,Full Name\r\n1,"Doe, ""J"""\r\n2,"two\nlines"\r\n');
    expect(await reader.table({ url })).toEqual({
      columns: ['id bigint', 'full_name text'],
      rows: [
        ['1', 'Doe, "J"'],
        ['2', 'two\nlines'],
      ],
    });
  });

  it('turns empty cells into null and skips empty lines', async () => {
    const url = server.serve('/a.csv', 'a,b\n1,\n\n,""\n\n');
    expect((await reader.table({ url })).rows).toEqual([
      ['1', null],
      [null, null],
    ]);
  });

  it.each([
    [';', 'a;b\n1,5;2\n3,5;4\n'],
    ['\t', 'a\tb\n1,5\t2\n3,5\t4\n'],
    ['|', 'a|b\n"1,5"|2\n"3,5"|4'],
    [',', 'a,b\n"1;5;7",2\n"3;5;7",4\n'],
  ])('finds out that %p separates cells', async (_delimiter, content) => {
    const url = server.serve('/a.csv', content);
    expect((await reader.table({ url })).columns).toEqual(['a text', 'b bigint']);
  });

  it('takes the delimiter that was set', async () => {
    const url = server.serve('/a.csv', 'a,b;c\n1,2;3\n');
    expect((await reader.table({ url, delimiter: ';' })).rows).toEqual([['1,2', '3']]);
  });

  it('reads a file of one column', async () => {
    const url = server.serve('/a.csv', 'word\none\ntwo');
    expect(await reader.table({ url })).toEqual({ columns: ['word text'], rows: [['one'], ['two']] });
  });

  it('rejects rows that are too short or too long, with the row of a spreadsheet, and reads the others', async () => {
    const url = server.serve('/a.csv', 'a,b\n1,2\n3\n4,5,6\n7,8,,\n');
    const { rows, rejects } = await reader.read({ url });
    expect(rows).toEqual([
      ['1', '2'],
      ['7', '8'],
    ]);
    expect(rejects).toEqual([
      { row: 3, reason: 'The row has 1 cells where the header has 2.', raw: '3' },
      { row: 4, reason: 'The row has 3 cells where the header has 2.', raw: '4,5,6' },
    ]);
  });

  it('keeps a header without rows', async () => {
    const url = server.serve('/a.csv', 'a,b\n');
    expect(await reader.table({ url })).toEqual({ columns: ['a text', 'b text'], rows: [] });
  });

  it('says that a quotation mark is never closed', async () => {
    const url = server.serve('/a.csv', 'a,b\n1,"2\n3,4\n');
    await expect(reader.read({ url })).rejects.toMatchObject({
      code: 'source_unreadable',
      message: expect.stringContaining('quotation mark') as string,
    });
  });

  it.each([
    ['UTF-16 with a mark', iconv.encode('name\nGröße\n', 'utf-16le', { addBOM: true }), {}, undefined],
    ['Windows text that says nothing', iconv.encode('name\nGröße\n', 'windows-1252'), {}, undefined],
    [
      'Windows text that claims to be UTF-8',
      iconv.encode('name\nGröße\n', 'windows-1252'),
      {},
      'text/csv; charset=utf-8',
    ],
    [
      'text in the charset of its content type',
      iconv.encode('name\nGröße\n', 'iso-8859-15'),
      {},
      'text/csv; charset=ISO-8859-15',
    ],
    [
      'text in the encoding that was set',
      iconv.encode('name\nGröße\n', 'macroman'),
      { encoding: 'macroman' },
      undefined,
    ],
  ])('reads %s', async (_what, body, config, contentType) => {
    const url = server.serve('/a.csv', body, contentType === undefined ? {} : { contentType });
    expect((await reader.table({ url, ...config })).rows).toEqual([['Größe']]);
  });

  it('finds out the encoding from the whole file, not its beginning', async () => {
    const plain = Array.from({ length: 20_000 }, (_, index) => `plain ${index}`).join('\n');
    const url = server.serve('/a.csv', iconv.encode(`name\n${plain}\nGröße`, 'windows-1252'));
    expect((await reader.table({ url })).rows.at(-1)).toEqual(['Größe']);
  });
});

describe('TSV, JSON and NDJSON', () => {
  it('reads TSV', async () => {
    const url = server.serve('/a.tsv', 'a\tb\n1,5\tx\n');
    expect((await reader.table({ url })).rows).toEqual([['1,5', 'x']]);
  });

  it('reads a JSON list, with columns as they appear and objects as JSON', async () => {
    const content = [
      { id: 1, tags: ['a'], on: true },
      { id: 2, extra: { b: null } },
      { on: false, id: null },
    ];
    const url = server.serve('/a.json', JSON.stringify(content, null, 2));
    expect(await reader.table({ url })).toEqual({
      columns: ['id bigint', 'tags json', 'on boolean', 'extra json'],
      rows: [
        ['1', '["a"]', true, null],
        ['2', null, null, '{"b":null}'],
        [null, null, false, null],
      ],
    });
  });

  it.each([
    ['json', (text: string) => `[${text}]`],
    ['ndjson', (text: string) => text],
  ])('loses no digit of a number in %s', async (extension, wrap) => {
    const url = server.serve(
      `/a.${extension}`,
      wrap(
        '{"id":9007199254740993,"money":12345678901234567.89,"inner":{"id":9007199254740993,"x":0.1},"tiny":1e-7,"huge":1e999}',
      ),
    );
    expect(await reader.table({ url })).toEqual({
      columns: ['id bigint', 'money numeric', 'inner json', 'tiny double', 'huge text'],
      rows: [
        ['9007199254740993', '12345678901234567.89', '{"id":9007199254740993,"x":0.1}', '1e-7', '1e999'],
      ],
    });
  });

  it.each(['data.items', '$.data.items', '.data.items'])('finds the list at %s', async (jsonPath) => {
    const content = {
      meta: { items: [1] },
      data: { skip: [[{ id: 0 }]], items: [{ id: 1 }, { id: 2 }], more: {} },
      items: [],
    };
    const url = server.serve('/a.json', JSON.stringify(content));
    expect((await reader.table({ url, jsonPath })).rows).toEqual([['1'], ['2']]);
  });

  it('names the lists that there are when the wanted one is not', async () => {
    const url = server.serve('/a.json', '{"data":{"items":[]},"other":[]}');
    await expect(reader.read({ url })).rejects.toMatchObject({
      code: 'source_unreadable',
      message: 'The JSON is not a list.',
      details: { action: 'Set jsonPath to one of: data.items, other.' },
    });
  });

  it.each(['[{"id":1},{"id":', '[{"id":1}', '[{"id":1}] []', '{"id" 1}', '[{"id":01}]'])(
    'refuses broken JSON: %s',
    async (content) => {
      const url = server.serve('/a.json', content);
      await expect(reader.read({ url })).rejects.toMatchObject({ code: 'source_unreadable' });
    },
  );

  it('survives nesting that is meant to break it', async () => {
    const url = server.serve('/a.json', `[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`);
    await expect(reader.read({ url })).rejects.toMatchObject({ code: 'source_unreadable' });
    const lines = server.serve('/a.ndjson', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n{"a":1}`);
    expect((await reader.read({ url: lines })).rows).toHaveLength(1);
  });

  it('keeps a key that names the prototype as a column', async () => {
    const url = server.serve('/a.json', '[{"__proto__":5,"constructor":6}]');
    expect(await reader.table({ url })).toEqual({
      columns: ['proto bigint', 'constructor bigint'],
      rows: [['5', '6']],
    });
  });

  it('rejects elements that are no objects', async () => {
    const url = server.serve('/a.json', '[{"id":1},2,[3],"x",null,{"id":4}]');
    const { rows, rejects } = await reader.read({ url });
    expect(rows).toEqual([['1'], ['4']]);
    expect(rejects.map(({ row, raw }) => [row, raw])).toEqual([
      [2, '2'],
      [3, '[3]'],
      [4, '"x"'],
      [5, 'null'],
    ]);
  });

  it('rejects lines of NDJSON that are not JSON, by their number', async () => {
    const url = server.serve('/a.ndjson', '{"id":1}\r\n\r\nnope\r\n{"id":2}');
    const { rows, rejects } = await reader.read({ url });
    expect(rows).toEqual([['1'], ['2']]);
    expect(rejects).toEqual([{ row: 3, reason: 'This line is not valid JSON.', raw: 'nope\r' }]);
  });
});

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
