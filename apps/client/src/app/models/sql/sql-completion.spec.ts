import { CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { EditorState } from '@codemirror/state';
import type { SqlRelation } from './sql-catalogue';
import { relationsRead, sqlCompletionSources } from './sql-completion';

const relation = (schema: string | null, name: string, columns: string[]): SqlRelation => ({
  kind: schema === null ? 'model' : 'table',
  id: name,
  schema,
  name,
  rowCount: 1,
  columns: columns.map((column) => ({ name: column, type: 'int8' })),
});
const traffic = relation('ga_main', 'traffic', ['date', 'sessions', 'Bounce Rate']);
const orders = relation('shop', 'orders', ['order_id', 'total']);
const weekly = relation(null, 'weekly_sessions', ['week', 'visits']);
const relations = [traffic, orders, weekly];

/** Labels offered where `|` stands. */
const offered = (marked: string): string[] => {
  const at = marked.indexOf('|');
  const state = EditorState.create({
    doc: marked.replace('|', ''),
    extensions: [sql({ dialect: PostgreSQL })],
  });
  const context = new CompletionContext(state, at, true);
  const results = sqlCompletionSources(relations).map((source) => source(context) as CompletionResult | null);
  return results.flatMap((result) => {
    if (!result) return [];
    const typed = state.sliceDoc(result.from, at).toLowerCase();
    return result.options
      .filter(({ label }) => label.toLowerCase().startsWith(typed))
      .map(({ label, displayLabel }) => displayLabel ?? label);
  });
};

describe('completing SQL', () => {
  it('offers tables by their whole name, and models', () => {
    expect(offered('select * from |')).toEqual(
      expect.arrayContaining(['ga_main.traffic', 'shop.orders', 'weekly_sessions']),
    );
  });

  it('finds a table by its own name, without its source', () => {
    expect(offered('select * from tra|')).toContain('ga_main.traffic');
  });

  it('offers the tables of a source after its dot', () => {
    expect(offered('select * from ga_main.|')).toEqual(['traffic']);
  });

  it('offers the columns of what is read, and no others', () => {
    const labels = offered('select | from ga_main.traffic');
    expect(labels).toEqual(expect.arrayContaining(['date', 'sessions']));
    expect(labels).not.toContain('order_id');
  });

  it('offers the columns behind an alias', () => {
    expect(offered('select o.| from shop.orders o join weekly_sessions w on true')).toEqual([
      'order_id',
      'total',
    ]);
  });

  it('offers keywords', () =>
    expect(offered('sel|').map((label) => label.toLowerCase())).toContain('select'));

  it('quotes a name that needs it', () => {
    const state = EditorState.create({ doc: 'select Bo from ga_main.traffic' });
    const result = sqlCompletionSources(relations)[0]?.(
      new CompletionContext(state, 9, true),
    ) as CompletionResult;
    expect(result.options.find(({ label }) => label === 'Bounce Rate')?.apply).toBe('"Bounce Rate"');
  });

  it('finds what a query reads, whatever the case or the quotes', () => {
    expect(
      relationsRead('SELECT 1 FROM GA_MAIN . "traffic" t JOIN weekly_sessions USING (week)', relations),
    ).toEqual([traffic, weekly]);
    expect(relationsRead('select 1 from nowhere', relations)).toEqual([]);
  });
});
