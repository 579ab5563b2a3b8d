import { usePostgres } from '@freshet/testing';

import { createQueryProject, type QueryProject } from '../gate/query-fixture';

const postgres = usePostgres();

/** A query with an error, and where in it PostgreSQL's error has to point, behind every way that binding changes a text. */
const cases: [rewrite: string, sql: string, at: string][] = [
  ['a prefix in front', 'SELECT wrong FROM staff', 'wrong'],
  ['a prefix within its own WITH', 'WITH s AS (SELECT * FROM staff) SELECT wrong FROM s', 'wrong'],
  ['a prefix within WITH RECURSIVE', 'WITH RECURSIVE s AS (SELECT id FROM staff UNION SELECT id + wrong FROM s) SELECT 1 FROM s', 'wrong'],
  ['another name for a model that WITH shadows', 'WITH staff AS (SELECT * FROM staff) SELECT staff.wrong FROM staff', 'staff.wrong'],
  ['a table with an alias put behind', 'SELECT channel FROM ga_main.traffic WHERE wrong > 1', 'wrong'],
  ['a table with an alias of its own', 'SELECT t.channel FROM ga_main.traffic AS t WHERE t.wrong > 1', 't.wrong'],
  ['columns without their source', 'SELECT ga_main.traffic.channel, ga_main.traffic.wrong FROM ga_main.traffic', 'ga_main.traffic.wrong'],
  ['tables told from namesakes', 'SELECT ga_main.traffic.channel, ga_shop.traffic.wrong FROM ga_main.traffic, ga_shop.traffic', 'ga_shop.traffic.wrong'],
  ['ONLY in parentheses', 'SELECT * FROM ONLY (ga_main.traffic) WHERE wrong', 'wrong'],
  ['a star behind', 'SELECT * FROM ga_main.traffic * WHERE wrong', 'wrong'],
  ['TABLE', '(TABLE ga_shop.traffic) UNION ALL SELECT wrong, 1, 2, 3 FROM ga_main.traffic', 'wrong'],
  ['escapes and letters beyond ASCII', `SELECT '😀' FROM "Büro-1".U&"Ums\\00e4tze 2024" WHERE 'é' = wrong`, 'wrong'],
  ['comments within names', 'SELECT 1 FROM ga_main /* 😀 */ . -- é\n traffic WHERE wrong', 'wrong'],
  ['a terminator taken away', 'SELECT * FROM staff ORDER BY wrong ; ;', 'wrong'],
]; // prettier-ignore

describe('errors point into the text that the person wrote, behind', () => {
  let project: QueryProject;

  beforeAll(async () => {
    project = await createQueryProject(postgres);
  });
  afterAll(() => project.remove());

  it.each(cases)('%s', async (_, sql, at) => {
    const position = sql.indexOf(at);
    const limits = { timeoutMs: 5_000 };
    const bound = await project.bind(sql);
    const expected = { code: 'sql_failed', details: { position } };
    await expect(project.run(sql)).rejects.toMatchObject(expected);
    await expect(project.readers.explain('1', bound, limits)).rejects.toMatchObject(expected);
    await expect(project.readers.describe('1', bound, limits)).rejects.toMatchObject(expected);
  });
});
