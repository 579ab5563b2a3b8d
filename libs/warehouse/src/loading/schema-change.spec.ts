import type { StreamColumn } from './column-types';
import { planSchemaChange } from './schema-change';

const id: StreamColumn = { name: 'id', type: 'bigint' };
const price: StreamColumn = { name: 'price', type: 'numeric' };
const note: StreamColumn = { name: 'note', type: 'text' };

describe('what a table needs when the columns of its source changed', () => {
  it('is nothing for the same columns in another order, and rows are loaded in the order they come', () => {
    expect(planSchemaChange([id, price], [price, id])).toEqual({
      kind: 'none',
      columns: [id, price],
      load: [price, id],
    });
  });

  it('is nothing for a narrower type: values are loaded as the type of the table', () => {
    const whole: StreamColumn = { name: 'price', type: 'bigint' };
    expect(planSchemaChange([id, price], [id, whole])).toEqual({
      kind: 'none',
      columns: [id, price],
      load: [id, price],
    });
  });

  it('is nothing for a column that vanished: it stays', () => {
    expect(planSchemaChange([id, price], [id])).toEqual({ kind: 'none', columns: [id, price], load: [id] });
  });

  it('is a new column at the end', () => {
    expect(planSchemaChange([id], [note, id])).toEqual({
      kind: 'add',
      columns: [id, note],
      load: [note, id],
      added: [note],
    });
  });

  it('is a rewrite when a type becomes wider', () => {
    const words: StreamColumn = { name: 'price', type: 'text' };
    expect(planSchemaChange([id, price], [id, words, note])).toEqual({
      kind: 'rewrite',
      columns: [id, words, note],
      load: [id, words, note],
      added: [note],
      retyped: [words],
    });
  });
});
