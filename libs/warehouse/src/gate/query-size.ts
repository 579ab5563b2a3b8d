/**
 * Refuses queries that are short to write but endless to plan. PostgreSQL takes memory for every column of every `*`
 * and of every join before it looks at costs, and it isn't interrupted there: 40 KB of text made it take 5 GB.
 */
import type { CommonTableExpr, SelectStmt } from 'libpg-query';

import { Refusal } from './refuse';

const most = {
  /** A table can have 1,600 columns. */
  stars: 100,
  /** Tables, subqueries and functions that are joined with each other. */
  inOneFrom: 100,
  /** As before, in the whole query, with each WITH … AS NOT MATERIALIZED wherever it is read. */
  tables: 500,
};

/** How many tables each common table expression in scope stands for where it is read. */
type Sizes = ReadonlyMap<string, number>;

/** The statement has passed `checkTree`. Throws a Refusal. */
export const checkSize = (statement: SelectStmt): void => {
  const stars = count(statement, 'A_Star');
  if (stars > most.stars)
    throw new Refusal(
      `The query has ${stars} stars (*), more than ${most.stars}. Name the columns it needs.`,
    );
  tablesIn({ SelectStmt: statement }, new Map());
};

const tablesIn = (node: unknown, sizes: Sizes): number => {
  if (typeof node !== 'object' || node === null) return 0;
  let tables = 0;
  for (const [kind, child] of Object.entries(node)) {
    if (kind === 'SelectStmt' || kind === 'larg' || kind === 'rarg') tables += tablesOf(child, sizes);
    else if (kind === 'RangeVar') {
      const { relname = '', schemaname } = child as { relname?: string; schemaname?: string };
      tables += (schemaname === undefined ? sizes.get(relname) : undefined) ?? 1;
    } else tables += tablesIn(child, sizes) + (leaves.has(kind) ? 1 : 0);
  }
  if (tables > most.tables)
    throw new Refusal(`The query reads more than ${most.tables} tables. Split it into models.`);
  return tables;
};

/** What stands in FROM besides tables; joins only hold others. */
const leaves = new Set(['RangeSubselect', 'RangeFunction', 'JsonTable']);

/** Of a SELECT, or of a join's side, which has the same field names. */
const tablesOf = (child: unknown, around: Sizes): number => {
  const { withClause, ...statement } = child as SelectStmt;
  let sizes = around;
  let tables = 0;
  for (const node of withClause?.ctes ?? []) {
    const expression = 'CommonTableExpr' in node ? node.CommonTableExpr : {};
    const size = tablesIn(expression.ctequery, sizes);
    sizes = new Map(sizes).set(expression.ctename ?? '', isInline(expression) ? Math.max(1, size) : 1);
    if (!isInline(expression)) tables += size;
  }
  const inFrom = (statement.fromClause ?? []).reduce((sum, item) => sum + itemsOf(item), 0);
  if (inFrom > most.inOneFrom)
    throw new Refusal(
      `The query joins ${inFrom} tables at once, more than ${most.inOneFrom}. Split it into models.`,
    );
  return tables + tablesIn(statement, sizes);
};

const isInline = ({ ctematerialized }: CommonTableExpr): boolean => ctematerialized === 'CTEMaterializeNever';

const itemsOf = (item: unknown): number => {
  if (typeof item !== 'object' || item === null) return 0;
  const join = (item as { JoinExpr?: { larg?: unknown; rarg?: unknown } }).JoinExpr;
  return join ? itemsOf(join.larg) + itemsOf(join.rarg) : 1;
};

const count = (node: unknown, wanted: string): number => {
  if (typeof node !== 'object' || node === null) return 0;
  return Object.entries(node).reduce(
    (sum, [kind, child]) => sum + (kind === wanted ? 1 : count(child, wanted)),
    0,
  );
};
