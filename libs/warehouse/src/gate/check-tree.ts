/** Walks a query's syntax tree and refuses whatever is not known to be harmless; what the parser may learn later is refused too. */
import { allowedKinds, kindOfField, refusedKinds } from './allowed-syntax';
import { checks, type Findings, type TreeNode } from './node-checks';
import { Refusal } from './refuse';

const maxDepth = 1_000;

/** Throws a Refusal at the first thing that is not allowed. */
export const checkTree = (kind: string, node: TreeNode): Findings => {
  const findings: Findings = { parameterCount: 0, usesClock: false };
  visit(kind, node, findings, 0, undefined);
  return findings;
};

const visit = (
  kind: string,
  node: TreeNode,
  findings: Findings,
  depth: number,
  outer: number | undefined,
): void => {
  const location = typeof node.location === 'number' && node.location >= 0 ? node.location : outer;
  if (depth > maxDepth) throw new Refusal('The query is nested too deeply. Split it into models.', location);
  if (!allowedKinds.has(kind))
    throw new Refusal(refusedKinds[kind] ?? `This part of SQL (${kind}) can't be used in queries.`, location);
  checks[kind]?.(node, findings, location);
  for (const [field, value] of Object.entries(node)) {
    if (kind === 'A_Const') break;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) descend(field, child, findings, depth + 1, location);
  }
};

/** A node says its kind (`{"ColumnRef": {…}}`) unless its field allows one kind only. An absent one in a list is `{}`. */
const descend = (
  field: string,
  child: TreeNode,
  findings: Findings,
  depth: number,
  location: number | undefined,
): void => {
  const [key, ...more] = Object.keys(child);
  if (key === undefined) return;
  const inner = child[key];
  if (more.length === 0 && /^[A-Z]/.test(key) && isNode(inner))
    return visit(key, inner, findings, depth, location);
  visit(kindOfField[field] ?? `${field}?`, child, findings, depth, location);
};

const isNode = (value: unknown): value is TreeNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
