import { createDashboard, createModel } from '@freshet/contracts';
import { startGoogleAdManager, startGoogleIdentity, usePostgres } from '@freshet/testing';
import type { ColumnType } from '../kit/column';
import { withSource } from '../kit/template';
import { geography, inventory, revenue } from './streams';
import { googleAdManagerTemplates as templates } from './templates';

const now = (): Date => new Date('2026-03-15T18:00:00Z');
const sqlTypes: Partial<Record<ColumnType, string>> = { double: 'double precision' };

describe('the templates of Google Ad Manager', () => {
  const database = usePostgres();
  const inSource = (text: string): string => withSource(text, 'gam_main');
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await database.pool.query<Record<string, unknown>>(inSource(sql))).rows;
  let truth: Record<string, unknown>[] = [];

  beforeAll(async () => {
    const identity = await startGoogleIdentity({ now });
    const adManager = await startGoogleAdManager({ identity, now });
    await database.pool.query('create schema gam_main');
    for (const { name, columns } of [revenue, geography, inventory]) {
      const rows = adManager.truth(name as 'revenue', { from: '2026-01-10', to: '2026-03-16' });
      if (name === 'revenue') truth = rows;
      const declared = columns
        .map((column) => `${column.name} ${sqlTypes[column.type] ?? column.type}`)
        .join(', ');
      await database.pool.query(`create table gam_main.${name} (${declared})`);
      await database.pool.query(
        `insert into gam_main.${name} select * from json_populate_recordset(null::gam_main.${name}, $1)`,
        [JSON.stringify(rows)],
      );
    }
    for (const { name, sql } of templates.flatMap(({ models }) => models))
      await database.pool.query(`create table ${inSource(name)} as ${inSource(sql)}`);
    await Promise.all([adManager.close(), identity.close()]);
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

  it('add up revenue to the last digit', async () => {
    const micros = truth.reduce((sum, row) => sum + BigInt(Math.round(Number(row['revenue']) * 1e6)), 0n);
    const [row] = await rowsOf('select (sum(revenue) * 1000000)::bigint::text as micros from {source}_daily');
    expect(row).toEqual({ micros: String(micros) });
  });
});
