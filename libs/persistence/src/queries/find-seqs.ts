/** How far the events of some projects have got. */
import type { Sql } from '../sql';

/** @returns project id → place of its latest event; projects that the caller may not see are missing */
export const findSeqs = async (sql: Sql, projectIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await sql.rows<{ id: string; seq: number }>(
    `select id::text, seq::float8 as seq from app.project where id = any($1)`,
    [projectIds],
  );
  return new Map(rows.map(({ id, seq }) => [id, seq]));
};
