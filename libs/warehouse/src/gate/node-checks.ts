/** What has to hold for single nodes of a query: which functions, types, operators and tables it names. */
import { allowedFunctions, clockFunctions, isHarmfulAsColumn } from './allowed-functions';
import { refusedKinds } from './allowed-syntax';
import { allowedTypes } from './allowed-types';
import { mentionsClock } from './clock-words';
import { Refusal } from './refuse';

export type TreeNode = Record<string, unknown>;

export interface Findings {
  parameterCount: number;
  usesClock: boolean;
}

type Check = (node: TreeNode, findings: Findings, location: number | undefined) => void;

/** The texts of a list of String nodes; other nodes (stars, subscripts) are passed over. */
const namesIn = (list: unknown): string[] =>
  (Array.isArray(list) ? (list as { String?: { sval?: string } }[]) : []).flatMap((item) =>
    item.String ? [item.String.sval ?? ''] : [],
  );

/** The name without `pg_catalog.`, or undefined when it is in another schema. */
const builtIn = (list: unknown): string | undefined => {
  const names = namesIn(list);
  return names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog') ? names.at(-1) : undefined;
};

const refuseHarmfulColumns = (names: string[], location: number | undefined): void => {
  const harmful = names.find(isHarmfulAsColumn);
  if (harmful !== undefined) throw new Refusal(`"${harmful}" can't be used in queries.`, location);
};

const identities = /_(ROLE|USER|CATALOG|SCHEMA)$|^SVFOP_USER$/;

export const checks: Readonly<Record<string, Check>> = {
  SelectStmt: (node, _, location) => {
    const into = node.intoClause as { rel?: { location?: number } } | undefined;
    if (into) throw new Refusal(refusedKinds.IntoClause ?? '', into.rel?.location ?? location);
    if (node.lockingClause) throw new Refusal(refusedKinds.LockingClause ?? '', location);
  },
  FuncCall: (node, findings, location) => {
    const name = builtIn(node.funcname);
    if (name === undefined || !allowedFunctions.has(name))
      throw new Refusal(
        `The function "${namesIn(node.funcname).join('.')}" can't be used in queries.`,
        location,
      );
    const args = Array.isArray(node.args) ? node.args.length : 0;
    if (clockFunctions.has(name) && !(name === 'age' && args > 1)) findings.usesClock = true;
  },
  TypeName: (node, _, location) => {
    const name = builtIn(node.names);
    if (name === undefined || node.pct_type || node.setof || !allowedTypes.has(name))
      throw new Refusal(`The type "${namesIn(node.names).join('.')}" can't be used in queries.`, location);
  },
  A_Expr: (node, _, location) => {
    if (builtIn(node.name) === undefined)
      throw new Refusal(`The operator "${namesIn(node.name).join('.')}" can't be used in queries.`, location);
  },
  SubLink: (node, _, location) => {
    if (node.operName && builtIn(node.operName) === undefined)
      throw new Refusal(
        `The operator "${namesIn(node.operName).join('.')}" can't be used in queries.`,
        location,
      );
  },
  SortBy: (node, _, location) => {
    if (node.useOp && builtIn(node.useOp) === undefined)
      throw new Refusal("Only PostgreSQL's own operators can be used to sort.", location);
  },
  CollateClause: (node, _, location) => {
    if (builtIn(node.collname) === undefined)
      throw new Refusal(
        `The collation "${namesIn(node.collname).join('.')}" can't be used in queries.`,
        location,
      );
  },
  SQLValueFunction: (node, findings, location) => {
    if (identities.test(String(node.op)))
      throw new Refusal("Names of roles, databases and schemas can't be read in queries.", location);
    findings.usesClock = true;
  },
  RangeVar: (node, _, location) => {
    const schema = node.schemaname;
    if (node.catalogname)
      throw new Refusal('A table is named by its source and stream: `source.stream`.', location);
    if (/^(pg_.*|information_schema)$/.test(String(schema ?? node.relname)))
      throw new Refusal("PostgreSQL's own tables can't be read in queries.", location);
  },
  ColumnRef: (node, _, location) => refuseHarmfulColumns(namesIn(node.fields).slice(1), location),
  A_Indirection: (node, findings, location) => {
    const names = namesIn(node.indirection);
    refuseHarmfulColumns(names, location);
    if (names.some((name) => clockFunctions.has(name))) findings.usesClock = true;
  },
  ParamRef: (node, findings, location) => {
    const number = typeof node.number === 'number' ? node.number : 0;
    if (number < 1 || number > 100) throw new Refusal('Parameters are written $1 to $100.', location);
    findings.parameterCount = Math.max(findings.parameterCount, number);
  },
  A_Const: (node, findings) => {
    const text = (node.sval as { sval?: string } | undefined)?.sval;
    if (text !== undefined && mentionsClock(text)) findings.usesClock = true;
  },
};
