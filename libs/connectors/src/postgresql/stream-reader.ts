/** Reads one stream portion by portion from a snapshot; after a broken connection it goes on where it was, if the stream can. */
import { FreshetError } from '@freshet/contracts';
import type { ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { kindOf, zoneWarnings } from './chosen-columns';
import { describeColumns, type SourceColumn } from './columns';
import { cursorSql } from './cursor-sql';
import { isFuture, positionOf, resumeAt, storedCursor, type CursorKind, type Position } from './position';
import type { PostgresqlConfig, PostgresqlCredentials, StreamConfig } from './postgresql-config';
import { columnOf, relation, tableName } from './relation';
import { Session } from './session';

export interface Portion {
  columns: readonly SourceColumn[];
  /** PostgreSQL's texts, the columns' first. */
  rows: (string | null)[][];
  isLast: boolean;
  /** After the last of these rows; null without a cursor. */
  position: Position | null;
  progress: number | null;
  warnings: string[];
}

/** Rows asked for at first, and at most; in between as many as make a portion of this many characters. */
const [firstRows, mostRows, portionLength] = [25, 2_000, 4_000_000];

/** An open cursor in a transaction of its own. */
interface Reading {
  session: Session;
  columns: SourceColumn[];
  kind: CursorKind | null;
  /** Rows in all as the server guesses; 0 when it doesn't. */
  total: number;
  warnings: string[];
}

export class StreamReader {
  private reading: Reading | null = null;
  private position: Position;
  private rowsToAsk = firstRows;
  private rowsRead = 0;
  private portions = 0;

  constructor(
    private readonly request: ReadRequest<PostgresqlConfig, PostgresqlCredentials>,
    private readonly stream: StreamConfig,
    private readonly context: ConnectorContext,
  ) {
    // Without a table nothing is known, whatever was read once.
    this.position = positionOf(request.knownColumns && request.checkpoint, this.by);
  }

  private get by(): string[] {
    return [this.stream.cursor ?? '', ...this.stream.key];
  }

  /** The next portion, tried again by the kit's rules. */
  next(): Promise<Portion> {
    return this.context.retry(() => this.attempt());
  }

  private async attempt(): Promise<Portion> {
    if (!this.reading && this.portions > 0 && this.stream.cursor === undefined) {
      // Half of one snapshot and half of another are the rows of no moment.
      throw new FreshetError('source_page_expired', 'The connection broke off in the middle of the table.', {
        action: 'Nothing to do: it is read again from its beginning.',
      });
    }
    try {
      this.reading ??= await this.open();
      return await this.fetch(this.reading);
    } catch (error) {
      this.reading?.session.destroy();
      this.reading = null;
      throw error;
    }
  }

  private async fetch(reading: Reading): Promise<Portion> {
    const { session, columns, kind, total, warnings } = reading;
    const { rows } = await session.query(`FETCH FORWARD ${this.rowsToAsk} FROM freshet`);
    const isLast = rows.length < this.rowsToAsk;
    this.rowsRead += rows.length;
    this.portions += 1;
    this.rowsToAsk = nextRows(rows, this.rowsToAsk);
    if (kind) this.position = this.after(rows, columns.length, kind, isLast);
    const share = total > 0 ? Math.min(0.99, this.rowsRead / total) : null;
    return {
      columns,
      rows,
      isLast,
      position: kind && this.position,
      progress: isLast ? 1 : share,
      warnings: warnings.splice(0),
    };
  }

  /** Texts of the cursor and the key follow those of the columns. */
  private after(
    rows: readonly (string | null)[][],
    width: number,
    kind: CursorKind,
    isLast: boolean,
  ): Position {
    const now = this.context.now();
    let at = this.position;
    for (let place = rows.length - 1; place >= 0; place--) {
      const [cursor, ...key] = rows[place]?.slice(width) ?? [];
      if (typeof cursor !== 'string' || key.some((text) => text === null)) continue;
      const stored = storedCursor(cursor, kind);
      if (isFuture(stored, kind, now)) continue;
      at = { ...at, cursor: stored, key: key as string[] };
      break;
    }
    return isLast ? { ...at, key: null } : at;
  }

  private async open(): Promise<Reading> {
    const { request, stream, context } = this;
    const session = await Session.begin(request.config, request.credentials, context);
    try {
      const from = relation(stream);
      const columns = await describeColumns(session, from);
      const kind = kindOf(stream, columns);
      const reading = { session, columns, kind, total: 0, warnings: zoneWarnings(columns) };
      const { start, position } = kind
        ? resumeAt(this.position, kind, stream.lookback)
        : { start: 'beginning' as const, position: this.position };
      if (kind && start === 'beginning') reading.warnings.push(...(await this.nullWarnings(session, from)));
      if (start === 'beginning') reading.total = await this.guessTotal(session);
      const { text, values } = cursorSql(stream, columns, start);
      await session.query(text, values);
      this.position = position;
      return reading;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  private async nullWarnings(session: Session, from: string): Promise<string[]> {
    const { cursor = '' } = this.stream;
    const { rows } = await session.query(`SELECT FROM ${from} WHERE ${columnOf(cursor)} IS NULL LIMIT 1`);
    return rows.length === 0
      ? []
      : [`Rows without ${cursor} are left out, as nothing says when they changed.`];
  }

  private async guessTotal(session: Session): Promise<number> {
    const { table } = this.stream;
    if (table === undefined) return 0;
    const { rows } = await session.query(
      'SELECT reltuples::bigint FROM pg_catalog.pg_class WHERE oid = to_regclass($1)',
      [tableName(table)],
    );
    return Number(rows[0]?.[0] ?? 0);
  }

  async close(): Promise<void> {
    await this.reading?.session.close();
    this.reading = null;
  }
}

const nextRows = (rows: readonly (string | null)[][], asked: number): number => {
  const length = rows.reduce((sum, row) => row.reduce((all, text) => all + (text?.length ?? 0), sum), 1);
  const fitting = Math.floor((portionLength * Math.max(1, rows.length)) / length);
  return Math.max(1, Math.min(mostRows, asked * 4, fitting));
};
