import { startFileServer, type FileServer } from '@freshet/testing';
import iconv from 'iconv-lite';
import { specReader } from './spec-reader';

const reader = specReader();
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => Promise.all([server.close(), reader.close()]));

describe('CSV and TSV', () => {
  it('reads TSV', async () => {
    const url = server.serve('/a.tsv', 'a\tb\n1,5\tx\n');
    expect((await reader.table({ url })).rows).toEqual([['1,5', 'x']]);
  });

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

  it('knows UTF-8 though its characters are cut by the chunks in which it arrives', async () => {
    const words = Array.from({ length: 2_600 }, (_, index) => '€'.repeat(50 + (index % 3)));
    const url = server.serve('/a.csv', ['name', ...words].join('\n'));
    expect((await reader.table({ url })).rows.map(([word]) => word)).toEqual(words);
  });

  it('finds out the encoding from the whole file, not its beginning', async () => {
    const plain = Array.from({ length: 20_000 }, (_, index) => `plain ${index}`).join('\n');
    const url = server.serve('/a.csv', iconv.encode(`name\n${plain}\nGröße`, 'windows-1252'));
    expect((await reader.table({ url })).rows.at(-1)).toEqual(['Größe']);
  });
});
