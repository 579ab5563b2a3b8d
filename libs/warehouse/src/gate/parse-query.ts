/** The gate: lets exactly one harmless SELECT through and says what it reads. */
import { hasSqlDetails, loadModule, parseSync, type ParseResult, type SelectStmt } from 'libpg-query';
import { defaults, FreshetError } from '@freshet/contracts';

import { checkTree } from './check-tree';
import { findNames, type FoundColumn, type FoundRelation } from './find-relations';
import { groupKeyOf } from './group-key';
import { nestingOf } from './nesting';
import type { ParsedQuery, QualifiedColumnRef, RelationRef } from './parsed-query';
import { checkSize } from './query-size';
import { RecentlyUsed } from './recently-used';
import { Refusal, sqlRefused } from './refuse';
import { textOffsets, type TextOffsets } from './text-offsets';
import { afterName, tokenAt, tokensOf, type Token } from './tokens';

/** Parsing takes the process for itself: about 10 ms per 1,000 words. */
const maxLength = defaults.queryLength;
/** The parser runs out of stack at 5,000, or later. */
const maxNesting = 1_500;
// All of Cc but tab, line feed, form feed and carriage return.
const controlCharacter = /(?![\t\n\f\r\x7f-\x9f])\p{Cc}/u;
const tooDeep = 'The query is nested too deeply. Split it into models.';
const emptyQuery = 'The query is empty: write a SELECT.';

/** Charts ask the same text again and again, and parsing can cost more than the query itself. Long ones aren't worth their room. */
const recent = new RecentlyUsed<ParsedQuery>({ max: 500 });
const maxRemembered = 10_000;

/**
 * Parses a query that a person wrote with PostgreSQL's own grammar and checks it against what is allowed: one SELECT,
 * VALUES or TABLE; no INTO, row locks or data-modifying WITH; only known functions and types; no system tables.
 * Throws `sql_refused` with a sentence and, where there is one, `position`. The answer is shared: don't change it.
 */
export const parseQuery = async (sql: string): Promise<ParsedQuery> => {
  const known = recent.get(sql);
  if (known) return known;
  const parsed = await checkedQuery(sql);
  if (sql.length <= maxRemembered) recent.set(sql, parsed);
  return parsed;
};

const checkedQuery = async (sql: string): Promise<ParsedQuery> => {
  if (sql.length > maxLength)
    throw sqlRefused(
      `The query is longer than ${maxLength.toLocaleString('en')} characters. Split it into models.`,
    );
  if (sql.trim() === '') throw sqlRefused(emptyQuery);
  const control = sql.search(controlCharacter);
  if (control >= 0) throw sqlRefused('The query contains a control character: delete it.', control);
  if (!sql.isWellFormed()) throw sqlRefused('The query contains half a character: write it again.');
  await loadModule();
  const offsets = textOffsets(sql);
  try {
    const { tree, tokens } = parsed(sql, offsets);
    const statement = onlySelect(tree, tokens, offsets);
    const findings = checkTree('SelectStmt', statement as Record<string, unknown>);
    checkSize(statement);
    const { relations, columns, takenNames } = findNames(statement);
    return {
      text: sql,
      relations: relations.map((found) => relationRef(found, tokens, offsets)),
      columns: columns.map((found) => columnRef(found, tokens, offsets)),
      ...outerWith(statement, tokens, offsets),
      takenNames,
      groupKey: groupKeyOf(statement),
      ...terminator(tokens),
      ...findings,
    };
  } catch (error) {
    throw explain(error, offsets);
  }
};

/** Once the parser ran out of stack, its memory can't be trusted any more: what it said would be about another query. */
let parserBroken = false;

const parsed = (sql: string, offsets: TextOffsets): { tree: ParseResult; tokens: Token[] } => {
  if (parserBroken)
    throw new FreshetError('unavailable', "Queries can't be read just now. Restart this service.");
  try {
    const tokens = readableTokens(sql, offsets);
    if (nestingOf(tokens) > maxNesting) throw new Refusal(tooDeep);
    return { tree: parseSync(sql), tokens };
  } catch (error) {
    parserBroken = isBreakdown(error);
    throw error;
  }
};

/** A stack overflow, or WebAssembly's "memory access out of bounds" and the like. */
const isBreakdown = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');

/** None where a word can't be read, e.g. an open string: the parser then says where, and builds no tree. */
const readableTokens = (sql: string, offsets: TextOffsets): Token[] => {
  try {
    return tokensOf(sql, offsets);
  } catch (error) {
    if (isBreakdown(error)) throw error;
    parseSync(sql);
    throw error;
  }
};

const onlySelect = (tree: ParseResult, tokens: Token[], offsets: TextOffsets): SelectStmt => {
  const [first, second] = tree.stmts ?? [];
  if (!first?.stmt) throw new Refusal(emptyQuery);
  if (second) {
    const start = tokens[tokenAt(tokens, offsets.fromBytes(second.stmt_location ?? 0))];
    throw sqlRefused('Only one statement can run here: leave out what follows the semicolon.', start?.start);
  }
  if (!('SelectStmt' in first.stmt))
    throw sqlRefused(
      'Only queries can run here: begin with SELECT, WITH, VALUES or TABLE.',
      tokens[0]?.start,
    );
  return first.stmt.SelectStmt;
};

const relationRef = (found: FoundRelation, tokens: Token[], offsets: TextOffsets): RelationRef => {
  const first = tokenAt(tokens, offsets.fromBytes(found.location));
  const next = afterName(tokens, first, found.name.length);
  refuseCutName(found.name, tokens.slice(first, next));
  let [from, to] = [first, next];
  const parenthesised = tokens[from - 1]?.word === '(' && tokens[from - 2]?.word === 'ONLY';
  if (parenthesised) [from, to] = [from - 2, to + 1];
  else if (tokens[from - 1]?.word === 'ONLY') from -= 1;
  else if (tokens[to]?.word === '*') to += 1;
  return {
    name: found.name,
    ...(found.alias === undefined ? {} : { alias: found.alias }),
    range: span(tokens, first, next),
    site: span(tokens, from, to),
    hasNamesake: found.hasNamesake,
    tableCommand: tokens[from - 1]?.word === 'TABLE',
  };
};

/** PostgreSQL reads the first 63 bytes of a name only, which may be the name of something else. */
const refuseCutName = (name: readonly string[], written: readonly Token[]): void => {
  const isLong = name.some((part) => Buffer.byteLength(part) > 59);
  const cut = written.find(({ text }) =>
    /^U&/i.test(text) ? isLong : Buffer.byteLength(plainName(text)) > 63,
  );
  if (cut)
    throw sqlRefused('Names of tables and models have at most 63 bytes; this one has more.', cut.start);
};

const plainName = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;

const columnRef = (found: FoundColumn, tokens: Token[], offsets: TextOffsets): QualifiedColumnRef => {
  const first = tokenAt(tokens, offsets.fromBytes(found.location));
  const { relation, captured, withSchema } = found;
  return {
    relation,
    captured,
    withSchema,
    range: span(tokens, first, afterName(tokens, first, withSchema ? 2 : 1)),
  };
};

const span = (tokens: Token[], from: number, to: number): { start: number; end: number } => ({
  start: tokens[from]?.start ?? 0,
  end: tokens[to - 1]?.end ?? 0,
});

const outerWith = (
  { withClause }: SelectStmt,
  tokens: Token[],
  offsets: TextOffsets,
): Pick<ParsedQuery, 'outerWith'> => {
  if (!withClause) return {};
  const start = tokenAt(tokens, offsets.fromBytes(withClause.location ?? 0));
  const keyword = tokens[withClause.recursive ? start + 1 : start];
  const names = (withClause.ctes ?? []).flatMap((node) =>
    'CommonTableExpr' in node ? [node.CommonTableExpr.ctename ?? ''] : [],
  );
  return { outerWith: { names, insertAt: keyword?.end ?? 0 } };
};

/** All semicolons at the end; there is nothing but comments between and behind them. */
const terminator = (tokens: Token[]): Pick<ParsedQuery, 'terminator'> => {
  const first = tokens.findLastIndex((token) => token.word !== ';') + 1;
  return first < tokens.length ? { terminator: span(tokens, first, tokens.length) } : {};
};

const explain = (error: unknown, offsets: TextOffsets): Error => {
  if (error instanceof FreshetError) return error;
  if (error instanceof Refusal)
    return sqlRefused(
      error.message,
      error.byteOffset === undefined ? undefined : offsets.fromBytes(error.byteOffset),
    );
  if (hasSqlDetails(error) && error.sqlDetails) {
    const { message, cursorPosition } = error.sqlDetails;
    // The one cursor that counts code points, not bytes.
    return sqlRefused(
      sentence(message),
      cursorPosition < 0 ? undefined : offsets.fromCodePoints(cursorPosition),
    );
  }
  if (error instanceof RangeError) return sqlRefused(tooDeep);
  return error instanceof Error ? error : new Error(String(error));
};

const sentence = (message: string): string =>
  /^memory exhausted/.test(message) ? tooDeep : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
