/** Reads a query in the Google Ads Query Language (https://developers.google.com/google-ads/api/docs/query/grammar). */
import { refuseQuery } from './failure';

export interface Condition {
  field: string;
  operator: string;
  values: string[];
}

export interface Query {
  select: string[];
  from: string;
  where: Condition[];
  orderBy: { field: string; descending: boolean }[];
  limit: number | null;
}

interface Token {
  kind: 'word' | 'string' | 'number' | 'symbol' | 'end';
  text: string;
}

const pattern =
  /\s*(?:([A-Za-z_][\w.]*)|(-?\d+(?:\.\d+)?)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(!=|>=|<=|[=<>(),]))/y;

const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  const whole = text.trimEnd();
  for (let at = 0; at < whole.length;) {
    pattern.lastIndex = at;
    const found = pattern.exec(whole);
    if (!found) {
      const rest = whole.slice(at).trimStart();
      return /^['"]/.test(rest)
        ? refuseQuery('STRING_NOT_TERMINATED', `Error in query: string is not terminated at '${rest}'.`)
        : refuseQuery('BAD_SYMBOL', `Error in query: unexpected symbol '${rest.slice(0, 1)}'.`);
    }
    const [, word, number, quoted, symbol] = found;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined)
      tokens.push({ kind: 'string', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') });
    else tokens.push({ kind: 'symbol', text: symbol ?? '' });
    at = pattern.lastIndex;
  }
  return [...tokens, { kind: 'end', text: '' }];
};

const comparisons = ['=', '!=', '>', '>=', '<', '<='];

class Reader {
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  take(): Token {
    const token = this.next;
    if (token.kind === 'end')
      refuseQuery('UNEXPECTED_END_OF_QUERY', 'Error in query: unexpected end of query.');
    this.at += 1;
    return token;
  }

  isWord(...words: string[]): boolean {
    return words.every((word, place) => {
      const token = this.tokens[this.at + place];
      return token?.kind === 'word' && token.text.toUpperCase() === word;
    });
  }

  /** Takes these words if they are next. */
  takeWords(...words: string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.at += words.length;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (this.next.kind !== 'symbol' || this.next.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  expect(code: string, ...words: string[]): void {
    if (!this.takeWords(...words))
      refuseQuery(code, `Error in query: expected ${words.join(' ')}, found '${this.next.text}'.`);
  }

  field(): string {
    const token = this.take();
    if (token.kind === 'word' && /^[a-z][\w.]*$/.test(token.text)) return token.text;
    return refuseQuery('BAD_FIELD_NAME', `Error in query: '${token.text}' is not a field name.`);
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takeSymbol(',')) items.push(item());
    return items;
  }
}

const condition = (reader: Reader): Condition => {
  const field = reader.field();
  const value = (): string => {
    const token = reader.take();
    if (token.kind !== 'symbol') return token.text;
    return refuseQuery('BAD_VALUE', `Error in query: '${token.text}' is not a value.`);
  };
  const values = (): string[] => {
    if (!reader.takeSymbol('('))
      return refuseQuery('EXPECTED_LIST', 'Error in query: expected a list of values.');
    if (reader.takeSymbol(')'))
      return refuseQuery('PROHIBITED_EMPTY_LIST_IN_CONDITION', 'Error in query: empty list.');
    const all = reader.list(value);
    return reader.takeSymbol(')')
      ? all
      : refuseQuery('EXPECTED_LIST', 'Error in query: the list does not end.');
  };
  if (reader.takeWords('IS', 'NOT', 'NULL')) return { field, operator: 'IS NOT NULL', values: [] };
  if (reader.takeWords('IS', 'NULL')) return { field, operator: 'IS NULL', values: [] };
  if (reader.takeWords('IN')) return { field, operator: 'IN', values: values() };
  if (reader.takeWords('NOT', 'IN')) return { field, operator: 'NOT IN', values: values() };
  if (reader.takeWords('DURING')) return { field, operator: 'DURING', values: [value()] };
  if (reader.takeWords('BETWEEN')) {
    const from = value();
    reader.expect('EXPECTED_VALUE_WITH_BETWEEN_OPERATOR', 'AND');
    return { field, operator: 'BETWEEN', values: [from, value()] };
  }
  const operator = reader.take().text;
  if (comparisons.includes(operator)) return { field, operator, values: [value()] };
  return refuseQuery('BAD_OPERATOR', `Error in query: '${operator}' is not an operator.`);
};

/** Throws a Refusal with the vendor's own error for text that is no query. */
export const parseQuery = (text: string): Query => {
  const reader = new Reader(tokenize(text));
  reader.expect('EXPECTED_SELECT', 'SELECT');
  const select = reader.list(() => reader.field());
  reader.expect('EXPECTED_FROM', 'FROM');
  const from = reader.take().text;
  const where: Condition[] = [];
  if (reader.takeWords('WHERE')) {
    do where.push(condition(reader));
    while (reader.takeWords('AND'));
    if (reader.isWord('OR'))
      refuseQuery('EXPECTED_AND', "Error in query: conditions are joined by 'AND' only.");
  }
  const orderBy: Query['orderBy'] = [];
  if (reader.takeWords('ORDER')) {
    reader.expect('EXPECTED_BY', 'BY');
    orderBy.push(
      ...reader.list(() => {
        const field = reader.field();
        const descending = reader.takeWords('DESC');
        if (!descending) reader.takeWords('ASC');
        return { field, descending };
      }),
    );
  }
  let limit: number | null = null;
  if (reader.takeWords('LIMIT')) {
    limit = Number(reader.take().text);
    if (!Number.isInteger(limit))
      refuseQuery('BAD_LIMIT_VALUE', 'Error in query: LIMIT must be a whole number.');
    if (limit < 1) refuseQuery('LIMIT_VALUE_TOO_LOW', 'Error in query: LIMIT must be positive.');
  }
  if (reader.next.kind !== 'end')
    refuseQuery('UNEXPECTED_INPUT', `Error in query: unexpected input '${reader.next.text}'.`);
  return { select, from, where, orderBy, limit };
};
