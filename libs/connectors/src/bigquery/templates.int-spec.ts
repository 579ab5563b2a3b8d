import { createDashboard, createModel } from '@freshet/contracts';
import { startBigQuery, usePostgres } from '@freshet/testing';
import { withSource } from '../kit/template';
import { bigQueryConfig, tableStreams } from './bigquery-config';
import { bigQueryTemplates as templates } from './templates';

const now = (): Date => new Date('2026-03-15T18:00:00Z');
const text = ['marketplace', 'asin', 'product_title', 'brand', 'search_query'];
const sqlTypeOf = (column: string): string => {
  if (column === 'week') return 'date';
  if (text.includes(column)) return 'text';
  return column === 'sales' || column === 'median_price' ? 'numeric' : 'bigint';
};

describe('the templates of BigQuery', () => {
  const database = usePostgres();
  const inSource = (sql: string): string => withSource(sql, 'amazon_main');
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await database.pool.query<Record<string, unknown>>(inSource(sql))).rows;

  beforeAll(async () => {
    const warehouse = await startBigQuery({ now, days: 90 });
    await database.pool.query('create schema amazon_main');
    for (const table of ['asin_performance', 'search_queries']) {
      const rows = warehouse.truth(table);
      const declared = Object.keys(rows[0] ?? {}).map((name) => `${name} ${sqlTypeOf(name)}`);
      await database.pool.query(`create table amazon_main.${table} (${declared.join(', ')})`);
      await database.pool.query(
        `insert into amazon_main.${table} select * from json_populate_recordset(null::amazon_main.${table}, $1)`,
        [JSON.stringify(rows)],
      );
    }
    for (const { name, sql } of templates.flatMap(({ models }) => models))
      await database.pool.query(`create table ${inSource(name)} as ${inSource(sql)}`);
    await warehouse.close();
  });

  it('read streams that a dataset of search query performance has', () => {
    const config = bigQueryConfig.parse({
      projectId: 'sandbox-marketing',
      dataset: 'amazon',
      searchQueryPerformance: true,
    });
    const names = tableStreams(config).map(({ name }) => name);
    for (const { streams } of templates) expect(names).toEqual(expect.arrayContaining([...streams]));
  });

  it('can be created, with indexes that hold', async () => {
    for (const { models, dashboards } of templates) {
      for (const dashboard of dashboards) createDashboard.parse(dashboard);
      for (const model of models) {
        createModel.parse({ ...model, name: inSource(model.name), sql: inSource(model.sql) });
        for (const { columns } of model.indexes ?? [])
          await database.pool.query(`create unique index on ${inSource(model.name)} (${columns.join(', ')})`);
      }
    }
  });

  it('have charts side by side that show something, with the columns they name', async () => {
    const taken = new Set<string>();
    let cells = 0;
    for (const { title, sql, options, layout } of templates.flatMap(({ dashboards }) =>
      dashboards.flatMap((one) => one.charts),
    )) {
      const rows = await rowsOf(sql);
      expect([title, rows.length > 0]).toEqual([title, true]);
      const named = [options.x, options.series, ...(options.y ?? [])].filter((name) => name !== undefined);
      expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(named));
      cells += layout.w * layout.h;
      for (let at = 0; at < layout.w * layout.h; at++)
        taken.add(`${layout.x + (at % layout.w)},${layout.y + Math.floor(at / layout.w)}`);
    }
    expect(taken.size).toBe(cells);
  });

  it('give shares between nothing and everything', async () => {
    const [row] = await rowsOf(
      'select count(*)::int as wrong from {source}_keyword_weekly where click_share not between 0 and 1 or purchase_share not between 0 and 1',
    );
    expect(row).toEqual({ wrong: 0 });
  });
});
