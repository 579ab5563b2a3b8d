import { startFileServer, type FileServer } from '@freshet/testing';
import { specReader } from './spec-reader';

const reader = specReader();
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => Promise.all([server.close(), reader.close()]));

describe('JSON and NDJSON', () => {
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
