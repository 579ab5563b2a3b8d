/** Finds the tables and models that a query reads, and the column references that name one of them. */
import type { ColumnRef, CommonTableExpr, Node, RangeVar, SelectStmt } from 'libpg-query';

import { Refusal } from './refuse';
import { resolveWithSchema, resolveWithoutSchema, type FromItem, type Level } from './scopes';

/** As in RelationRef, with places in bytes. */
export interface FoundRelation {
  name: string[];
  location: number;
  alias?: string;
  hasNamesake: boolean;
}

export interface FoundColumn {
  location: number;
  relation: number;
  captured: boolean;
  withSchema: boolean;
}

export interface FoundNames {
  relations: FoundRelation[];
  columns: FoundColumn[];
  takenNames: string[];
}

/** The statement has passed `checkTree`. */
export const findNames = (statement: SelectStmt): FoundNames => {
  const finder = new NameFinder();
  finder.query(statement, new Set(), undefined);
  return { relations: finder.relations, columns: finder.columns, takenNames: [...finder.takenNames] };
};

type Visible = ReadonlySet<string>;

/** Where an item of FROM stands: the expressions in scope, the level around the query, and the items before it. */
interface FromPlace {
  scope: Visible;
  outer: Level | undefined;
  before: readonly FromItem[];
  /** All items of the query level, hidden ones too. */
  everything: FromItem[];
}

class NameFinder {
  readonly relations: FoundRelation[] = [];
  readonly columns: FoundColumn[] = [];
  readonly takenNames = new Set<string>();

  /** `visible`: the common table expressions in scope; `outer`: the query level around this one. */
  query(statement: SelectStmt, visible: Visible, outer: Level | undefined): void {
    const { withClause, larg, rarg, fromClause, ...rest } = statement;
    let scope = visible;
    if (withClause) {
      const expressions = (withClause.ctes ?? []).flatMap((node) =>
        'CommonTableExpr' in node ? [node.CommonTableExpr] : [],
      );
      if (withClause.recursive) scope = union(scope, expressions.map(nameOf));
      for (const expression of expressions) {
        this.takenNames.add(nameOf(expression));
        if (expression.ctequery) this.anything(expression.ctequery, scope, outer);
        scope = union(scope, [nameOf(expression)]);
      }
    }
    if (larg) this.query(larg, scope, outer);
    if (rarg) this.query(rarg, scope, outer);
    const everything: FromItem[] = [];
    const items: FromItem[] = [];
    for (const item of fromClause ?? [])
      items.push(...this.fromItem(item, { scope, outer, before: items, everything }));
    this.markNamesakes(everything);
    this.anything(rest, scope, { items, outer });
  }

  /**
   * One item of FROM; answers the names it brings in. What is LATERAL sees the items before it, a condition of a join
   * its two sides only, and a join with an alias hides the names within.
   */
  private fromItem(node: Node, place: FromPlace): FromItem[] {
    const { scope, outer, before, everything } = place;
    const alias = aliasOf(node);
    if (alias !== undefined) this.takenNames.add(alias);
    if ('RangeVar' in node) {
      const item = this.table(node.RangeVar, scope);
      everything.push(item);
      return [item];
    }
    const aliased = alias === undefined ? [] : [{ exposedName: alias }];
    if ('JoinExpr' in node) {
      const { larg, rarg, quals } = node.JoinExpr;
      const left = larg ? this.fromItem(larg, place) : [];
      const right = rarg ? this.fromItem(rarg, { ...place, before: [...before, ...left] }) : [];
      if (quals) this.anything(quals, scope, { items: [...left, ...right], outer });
      return node.JoinExpr.alias ? aliased : [...left, ...right, ...aliased];
    }
    const lateral = !('RangeSubselect' in node) || node.RangeSubselect.lateral;
    this.anything(node, scope, lateral ? { items: [...before], outer } : outer);
    return aliased;
  }

  private table(table: RangeVar, scope: Visible): FromItem {
    const relname = table.relname ?? '';
    const alias = table.alias?.aliasname;
    const exposedName = alias ?? relname;
    if (!table.schemaname && scope.has(relname)) return { exposedName };
    const index = this.relations.length;
    this.takenNames.add(relname);
    const name = table.schemaname ? [table.schemaname, relname] : [relname];
    this.relations.push({
      name,
      location: table.location ?? 0,
      hasNamesake: false,
      ...(alias === undefined ? {} : { alias }),
    });
    if (alias !== undefined) return { exposedName };
    return { exposedName, relation: { index, ...(table.schemaname ? { schema: table.schemaname } : {}) } };
  }

  private markNamesakes(items: readonly FromItem[]): void {
    for (const { exposedName, relation } of items) {
      const found = relation && this.relations[relation.index];
      if (!found) continue;
      found.hasNamesake = items.some(
        (other) =>
          other.exposedName === exposedName && other.relation && other.relation.schema !== relation.schema,
      );
    }
  }

  /** Expressions and whatever else may contain columns or queries. */
  private anything(node: unknown, scope: Visible, level: Level | undefined): void {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach((child) => this.anything(child, scope, level));
    for (const [kind, child] of Object.entries(node)) {
      if (kind === 'SelectStmt') this.query(child as SelectStmt, scope, level);
      else if (kind === 'ColumnRef') this.column(child as ColumnRef, level);
      else this.anything(child, scope, level);
    }
  }

  private column({ fields = [], location = 0 }: ColumnRef, level: Level | undefined): void {
    const [first, second] = fields.map((field) =>
      'String' in field ? (field.String.sval ?? '') : undefined,
    );
    if (!level || first === undefined || fields.length < 2 || fields.length > 3) return;
    const withSchema = fields.length === 3;
    const found = withSchema
      ? resolveWithSchema(level, first, second ?? '')
      : resolveWithoutSchema(level, first);
    if (found === 'ambiguous')
      throw new Refusal(
        `"${first}" could mean several tables here: write the source too, or give the tables aliases.`,
        location,
      );
    if (found) this.columns.push({ ...found, location, withSchema });
  }
}

const nameOf = (expression: CommonTableExpr): string => expression.ctename ?? '';
const union = (names: Visible, more: string[]): Visible => new Set([...names, ...more]);

const aliasOf = (node: Node): string | undefined => {
  if ('RangeVar' in node) return node.RangeVar.alias?.aliasname;
  if ('RangeSubselect' in node) return node.RangeSubselect.alias?.aliasname;
  if ('RangeFunction' in node) return node.RangeFunction.alias?.aliasname;
  if ('JoinExpr' in node) return (node.JoinExpr.alias ?? node.JoinExpr.join_using_alias)?.aliasname;
  if ('JsonTable' in node) return node.JsonTable.alias?.aliasname;
  return undefined;
};
