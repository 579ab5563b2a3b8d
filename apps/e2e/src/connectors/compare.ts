/** Whether a table is the vendor's truth: to the last digit, compared by PostgreSQL in the table's own types. */
import { projectSchema, streamTable } from '@freshet/warehouse';
import { escapeIdentifier, type Pool } from 'pg';

export interface Difference {
  stream: string;
  /** Rows of the truth, and of the table. */
  expected: number;
  found: number;
  /** In the truth and not in the table, and the other way round; as JSON. */
  missing: string[];
  surplus: string[];
}

interface StreamColumn {
  name: string;
  type: string;
}

const find = /* sql */ `
select s.id::text, s.project_id::text as project, s.generation, s.columns from app.stream s
where s.source_id = $1 and s.name = $2`;

interface Table {
  /** Qualified and quoted. */
  table: string;
  columns: StreamColumn[];
}

/** @returns null where nothing was committed yet */
const tableOf = async (pool: Pool, sourceId: string, stream: string): Promise<Table | null> => {
  const { rows } = await pool.query<
    Omit<Table, 'table'> & { id: string; project: string; generation: number }
  >(find, [sourceId, stream]);
  const [at] = rows;
  if (!at || at.generation === 0) return null;
  const [schema, table] = [projectSchema(at.project), streamTable(at.id, at.generation)];
  return { table: `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`, columns: at.columns };
};

/** @returns null when they are the same */
export const differenceOf = async (
  pool: Pool,
  sourceId: string,
  stream: string,
  truth: readonly object[],
): Promise<Difference | null> => {
  const at = await tableOf(pool, sourceId, stream);
  if (!at) return { stream, expected: truth.length, found: 0, missing: ['the table'], surplus: [] };
  const { table } = at;
  const named = new Set(truth.flatMap((row) => Object.keys(row)));
  const compared = at.columns.filter(({ name }) => named.has(name));
  const columns = compared.map(({ name }) => escapeIdentifier(name)).join(', ');
  const truthColumns = compared.map(truthOf).join(', ');
  const json = JSON.stringify(truth, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const given = `select ${truthColumns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`;
  const here = `select ${columns} from ${table}`;
  const samples = (from: string): string =>
    `(select coalesce(json_agg(row_to_json(d)::text), '[]') from (${from} limit 5) d)`;
  const answer = await pool.query<Omit<Difference, 'stream' | 'expected'>>(
    `select (select count(*)::int from ${table}) as found, ${samples(`(${given}) except all (${here})`)} as missing,
       ${samples(`(${here}) except all (${given})`)} as surplus`,
    [json],
  );
  const [difference] = answer.rows;
  if (!difference) throw new Error('The comparison answered nothing.');
  const isSame = difference.missing.length + difference.surplus.length === 0;
  return isSame ? null : { stream, expected: truth.length, ...difference };
};

/** JSON in a truth may be its text. */
const truthOf = ({ name, type }: StreamColumn): string => {
  const column = escapeIdentifier(name);
  if (type !== 'json') return column;
  return `case jsonb_typeof(${column}) when 'string' then (${column} #>> '{}')::jsonb else ${column} end as ${column}`;
};
