import { schemaFields, valueOf } from './schema-fields';

const schema = {
  type: 'object',
  required: ['apiKey', 'lookbackDays'],
  properties: {
    apiKey: { type: 'string', description: 'From Settings → API keys' },
    accountId: { type: 'string' },
    lookbackDays: { type: 'integer', minimum: 0, maximum: 60, default: 3 },
    mode: { type: 'string', enum: ['fast', 'whole'] },
    networks: { type: 'array', items: { type: 'string' } },
    tables: { type: 'array', items: { type: 'object' } },
    verify: { type: 'boolean', default: true },
    zone: { anyOf: [{ type: 'null' }, { type: 'string', title: 'Time zone' }] },
  },
};

describe('the fields of a connector', () => {
  it('are named for people, and secrets are typed unseen', () => {
    const fields = schemaFields(schema, { secret: true });
    expect(fields.map(({ label, kind, required }) => [label, kind, required])).toEqual([
      ['API key', 'secret', true],
      ['Account ID', 'text', false],
      ['Lookback days', 'number', true],
      ['Mode', 'choice', false],
      ['Networks', 'list', false],
      ['Tables', 'json', false],
      ['Verify', 'flag', false],
      ['Time zone', 'text', false],
    ]);
    expect(schemaFields(schema)[0]?.kind).toBe('text');
    expect(fields[2]).toMatchObject({ initial: 3, min: 0, max: 60 });
  });

  it('give values as the schema wants them, and nothing for what was left empty', () => {
    const typed = {
      apiKey: ' k ',
      accountId: '',
      lookbackDays: '7',
      networks: 'a, b,',
      tables: '[{"a":1}]',
      verify: false,
    };
    expect(valueOf(schemaFields(schema), typed)).toEqual({
      apiKey: 'k', lookbackDays: 7, networks: ['a', 'b'], tables: [{ a: 1 }], verify: false,
    }); // prettier-ignore
  });

  it('are none for a connector that needs nothing', () => {
    expect(schemaFields(null)).toEqual([]);
  });
});
