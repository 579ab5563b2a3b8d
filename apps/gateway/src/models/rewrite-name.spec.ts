import { rewriteName } from './rewrite-name';

const renamed = (sql: string, to = 'sessions') => rewriteName(sql, 'daily', to);

describe("a model's new name in a query that reads it", () => {
  it.each([
    ['stands alone where nothing calls it', 'select n from daily', 'select n from sessions'],
    ['keeps the alias that was given', 'select d.n from daily d', 'select d.n from sessions d'],
    ['is called as before where columns are', 'select daily.n from daily', 'select daily.n from sessions AS daily'],
    ['is called as before where its whole row is', 'select count(daily) from daily', 'select count(daily) from sessions AS daily'],
    ['goes into every place', 'select * from daily union all select * from daily where n > 1', 'select * from sessions union all select * from sessions where n > 1'],
    ['replaces quotes with the name', 'select * from "daily" join x.t on true', 'select * from sessions join x.t on true'],
    ['goes before ONLY and a star', 'select daily.n from only (daily), daily * as e', 'select daily.n from only (sessions) AS daily, sessions * as e'],
    ['goes with the columns of TABLE', 'table daily order by daily.n', 'table sessions order by sessions.n'],
    ['spares a common table expression of the old name', 'with daily as (select 1 as n) select n from daily', 'with daily as (select 1 as n) select n from daily'],
    ['goes into the expression that hides it', 'with daily as (select n from daily) select n from daily', 'with daily as (select n from sessions AS daily) select n from daily'],
    ['spares strings, comments and columns', `select 'daily', x.daily /* daily */ from x.t x`, `select 'daily', x.daily /* daily */ from x.t x`],
    ['counts letters, not bytes', `select 'žluť' as k, n from daily -- 'ž'`, `select 'žluť' as k, n from sessions -- 'ž'`],
    ['spares a table of that name', 'select n from src.daily', 'select n from src.daily'],
  ])('%s', async (_, before, after) => {
    expect(await renamed(before)).toBe(after);
  }); // prettier-ignore

  it("is quoted where it is one of SQL's own words", async () => {
    expect(await renamed('select n from daily', 'order')).toBe('select n from "order"');
    expect(await renamed('select daily.n from daily', 'user')).toBe('select daily.n from "user" AS daily');
  });

  it('keeps apart from an alias that is called so already', async () => {
    expect(await renamed('select sessions.n from daily, x.t sessions')).toBe(
      'select sessions.n from sessions AS daily, x.t sessions',
    );
  });

  it.each([
    ['a common table expression', 'with sessions as (select 1 as n) select * from sessions, daily'],
    ['one around it', 'with sessions as (select 1 as n) select * from (select * from daily) d, sessions'],
  ])('is refused where it means %s', async (_, sql) => {
    await expect(renamed(sql)).rejects.toMatchObject({ code: 'conflict' });
  });
});
