/** Several statements by the extended protocol in one message, and their answers in one: a round trip costs as much as a small query. */
import type { Client, Connection, FieldDef, Submittable } from 'pg';
import pgUtils from 'pg/lib/utils.js';

/** PostgreSQL's text of each value. */
export type TextRow = (string | null)[];

export interface Batch {
  /** Statements that give no rows. When one fails, nothing behind it is run. */
  before: readonly string[];
  asked: {
    text: string;
    values: readonly unknown[];
    /** Rows after which the server stops; 0: none, and only then may the plan have parallel workers. */
    maxRows: number;
  };
  /** Statements without rows that end what `before` began; not run after a failure. */
  after: readonly string[];
}

export interface Sink {
  onColumns(columns: FieldDef[]): void;
  onRow(row: TextRow): void;
}

/** All rows of what was asked. Rejects with the first failure. */
export const runBatch = async (
  client: Client,
  batch: Omit<Batch, 'after'>,
): Promise<{ fields: FieldDef[]; rows: TextRow[] }> => {
  let fields: FieldDef[] = [];
  const rows: TextRow[] = [];
  const running = new Running((connection) => sendBatch(connection, { ...batch, after: [] }), {
    onColumns: (columns) => (fields = columns),
    onRow: (row) => rows.push(row),
  });
  client.query(running);
  await running.done;
  return { fields, rows };
};

/**
 * Hands rows on as they come, and runs with the same message a statement that no transaction may hold, by itself, whatever became of
 * the others. Who wants only the rows does not have to wait for `last`.
 */
export const runBatchThen = (
  client: Client,
  batch: Batch,
  sink: Sink,
  text: string,
): { done: Promise<void>; last: Promise<void> } => {
  const send = (connection: Connection): void => {
    sendBatch(connection, batch);
    connection.query(text);
  };
  const running = new Running(send, sink);
  // It was sent with the batch: its turn is only to receive the answer.
  const last = new Running(() => undefined, silent);
  client.query(running);
  client.query(last);
  return { done: running.done, last: last.done };
};

const sendBatch = (connection: Connection, { before, asked, after }: Batch): void => {
  for (const text of before) sendStatement(connection, text);
  connection.parse({ ...unnamed, text: asked.text }, true);
  connection.bind({ values: asked.values.map(pgUtils.prepareValue) }, true);
  connection.describe({ type: 'P' }, true);
  connection.execute({ rows: String(asked.maxRows) }, true);
  for (const text of after) sendStatement(connection, text);
  connection.sync();
};

const sendStatement = (connection: Connection, text: string): void => {
  connection.parse({ ...unnamed, text }, true);
  connection.bind({}, true);
  connection.execute({}, true);
};

/** The types of parameters are for the server to find. */
const unnamed = { name: '', types: [] };

const ignore = (): void => undefined;
const silent: Sink = { onColumns: ignore, onRow: ignore };

/** What a client of `pg` hands on to its active query. */
class Running implements Submittable {
  readonly done: Promise<void>;
  private readonly settle: { resolve(): void; reject(error: unknown): void };

  constructor(
    private readonly send: (connection: Connection) => void,
    private readonly sink: Sink,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.settle = { resolve, reject };
    // Whoever waits is told; nobody has to.
    promise.catch(ignore);
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    try {
      this.send(connection);
    } finally {
      stream.uncork();
    }
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    this.sink.onColumns(fields);
  }

  handleDataRow({ fields }: { fields: TextRow }): void {
    this.sink.onRow(fields);
  }

  handleCommandComplete(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}

  handleError(error: unknown): void {
    this.settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.settle.resolve();
  }
}
