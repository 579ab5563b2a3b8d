/** Every row belongs to the organization (and project) of the rows it refers to. */
import type { Sql } from '@freshet/persistence';
import { listed, violated, type Finding, type Invariant } from '../invariant';

/** One column that names another row. */
interface Reference {
  child: string;
  column: string;
  parent: string;
  /** Further condition on the child, as `c.kind = 't'`. */
  when?: string;
}

/** References that PostgreSQL does not know as foreign keys, since what they name may be gone before them. */
const looseReferences: readonly Reference[] = [
  { child: 'refresh', column: 'source_id', parent: 'data_source' },
  { child: 'refresh', column: 'cascade_id', parent: 'cascade' },
  { child: 'cascade', column: 'source_id', parent: 'data_source' },
  { child: 'cascade', column: 'run_id', parent: 'sync_run' },
  { child: 'sync_run', column: 'cascade_id', parent: 'cascade' },
  { child: 'cascade_item', column: 'refresh_id', parent: 'refresh' },
  { child: 'data_model', column: 'lease_refresh_id', parent: 'refresh' },
  { child: 'model_version', column: 'refresh_id', parent: 'refresh' },
  { child: 'model_input', column: 'input_id', parent: 'stream', when: `c.kind = 't'` },
  { child: 'model_input', column: 'input_id', parent: 'data_model', when: `c.kind = 'm'` },
  { child: 'chart_input', column: 'input_id', parent: 'stream', when: `c.kind = 't'` },
  { child: 'chart_input', column: 'input_id', parent: 'data_model', when: `c.kind = 'm'` },
];

const foreignKeys = /* sql */ `
select child.relname as child, a.attname as column, parent.relname as parent
from pg_catalog.pg_constraint k
join pg_catalog.pg_class child on child.oid = k.conrelid
join pg_catalog.pg_class parent on parent.oid = k.confrelid
join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
where k.contype = 'f' and array_length(k.conkey, 1) = 1 and child.relnamespace = 'app'::regnamespace
order by 1, 2`;

const columnsOf = /* sql */ `
select c.relname as table, a.attname as column
from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;

type Columns = ReadonlyMap<string, ReadonlySet<string>>;

const loadColumns = async (sql: Sql): Promise<Columns> => {
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of await sql.rows<{ table: string; column: string }>(columnsOf)) {
    columns.set(table, (columns.get(table) ?? new Set()).add(column));
  }
  return columns;
};

/** What must be the same in both rows, as SQL of the child and of the parent. */
const comparisons = (
  { child, parent }: Reference,
  columns: Columns,
): { of: string; is: string; in: string }[] => {
  const has = (table: string, column: string): boolean => columns.get(table)?.has(column) ?? false;
  const compared = [];
  if (has(child, 'organization_id') && has(parent, 'organization_id'))
    compared.push({ of: 'organization', is: 'c.organization_id', in: 'p.organization_id' });
  if (has(child, 'project_id') && has(parent, 'project_id'))
    compared.push({ of: 'project', is: 'c.project_id', in: 'p.project_id' });
  return compared;
};

const idOf = (table: string, columns: Columns): string =>
  columns.get(table)?.has('id') ? 'c.id::text' : 'c::text';

const look = async (
  sql: Sql,
  reference: Reference,
  columns: Columns,
): Promise<{ checked: number; findings: Finding[] }> => {
  const { child, column, parent, when = 'true' } = reference;
  let checked = 0;
  const findings: Finding[] = [];
  for (const { of, is, in: its } of comparisons(reference, columns)) {
    const [row] = await sql.rows<{ checked: number; ids: string[] }>(
      `select count(*)::int as checked,
         coalesce((array_agg(${idOf(child, columns)}) filter (where ${is} is distinct from ${its}))[1:20], '{}') as ids
       from app.${child} c join app.${parent} p on p.id = c.${column} where ${when}`,
    );
    checked += row?.checked ?? 0;
    if (row?.ids.length) {
      findings.push(
        violated(
          `Rows of ${child} belong to another ${of} than the ${parent} they name in ${column}: ${listed(row.ids)}. ` +
            'Close the installation to users until it is clear who wrote them; compare with a backup.',
        ),
      );
    }
  }
  return { checked, findings };
};

export const tenantsApart: Invariant = {
  name: 'tenants-apart',
  says: 'Every row belongs to the organization and project of the rows it refers to.',
  scope: 'installation',
  check: async ({ sql }) => {
    const columns = await loadColumns(sql);
    const references = [
      ...(await sql.rows<Reference & Record<string, unknown>>(foreignKeys)),
      ...looseReferences,
    ];
    const outcomes = [];
    for (const reference of references) outcomes.push(await look(sql, reference, columns));
    return {
      checked: outcomes.reduce((sum, { checked }) => sum + checked, 0),
      findings: outcomes.flatMap(({ findings }) => findings),
    };
  },
};
