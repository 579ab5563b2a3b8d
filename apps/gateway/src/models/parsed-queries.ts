/** Queries that were parsed before: dashboards ask the same ones again and again. */
import { parseQuery, type ParsedQuery } from '@freshet/warehouse';

const most = 300;
const longest = 20_000;
const parsed = new Map<string, ParsedQuery>();

/** As `parseQuery`. What a text means depends on nothing else, so that it may be remembered for all organizations. */
export async function parseOnce(sql: string): Promise<ParsedQuery> {
  const known = parsed.get(sql);
  if (known) {
    parsed.delete(sql);
    parsed.set(sql, known);
    return known;
  }
  const query = await parseQuery(sql);
  if (sql.length <= longest) parsed.set(sql, query);
  for (const oldest of parsed.keys()) {
    if (parsed.size <= most) break;
    parsed.delete(oldest);
  }
  return query;
}
