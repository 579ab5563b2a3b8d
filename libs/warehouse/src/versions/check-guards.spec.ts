import type { Guard } from '@freshet/contracts';
import { checkGuards } from './check-guards';

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'name', type: 'text' },
  { name: 'price', type: 'numeric(12,2)' },
];
const blocking = (guard: Omit<Guard, 'severity'>): Guard => ({ severity: 'block', ...guard });

describe('checking guards before a build', () => {
  it.each<[string, Omit<Guard, 'severity'>, string]>([
    ['no column', { kind: 'unique' }, 'A unique guard needs a column.'],
    [
      'a column that is not there',
      { kind: 'not_null', columns: ['nome'] },
      'A not_null guard names the column "nome", which the query does not give.',
    ],
    ['a range without ends', { kind: 'range', columns: ['id'] }, 'A range guard needs a min or a max.'],
    [
      'a range from high to low',
      { kind: 'range', columns: ['id'], min: 2, max: 1 },
      "A range guard's max, 1, is less than its min, 2.",
    ],
    [
      'a range of text',
      { kind: 'range', columns: ['name'], min: 2 },
      'A range guard needs numbers, but the column "name" is text.',
    ],
    [
      'no values',
      { kind: 'accepted_values', columns: ['name'], values: [] },
      'An accepted_values guard needs the values it accepts.',
    ],
    [
      'words for a number',
      { kind: 'accepted_values', columns: ['price'], values: [1, 'many'] },
      'An accepted_values guard accepts "many", but the column "price" is numeric(12,2).',
    ],
    ['no share', { kind: 'row_change' }, 'A row_change guard needs the change it allows, in percent.'],
    [
      'no query',
      { kind: 'sql', sql: ' ' },
      'An sql guard needs a query: one that finds the rows that are wrong.',
    ],
  ])('refuses %s', (_, guard, message) => {
    expect(() => checkGuards([blocking(guard)], columns)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message }),
    );
  });

  it('names each fault by its place', () => {
    const guards = [{ kind: 'not_empty' as const }, { kind: 'unique' as const, columns: ['a', 'b'] }];
    expect(() => checkGuards(guards.map(blocking), columns)).toThrow(
      expect.objectContaining({
        details: { errors: [1, 1].map(() => expect.objectContaining({ path: 'guards.1.columns' })) },
      }),
    );
  });

  it('lets columns be that are not known yet', () => {
    const guards: Guard[] = [
      blocking({ kind: 'range', columns: ['later'], max: 1 }),
      blocking({ kind: 'accepted_values', columns: ['later'], values: ['a'] }),
    ];
    expect(() => checkGuards(guards)).not.toThrow();
  });
});
