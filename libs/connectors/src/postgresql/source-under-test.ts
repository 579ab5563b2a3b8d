/** A PostgreSQL source for specs: its config, and reads of it with no real waiting. */
import { FreshetError } from '@freshet/contracts';
import type { Batch, Checkpoint, ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import type { Column, Reject } from '../kit/column';
import { createContext } from '../kit/create-context';
import { createHttpClient } from '../kit/http/http-client';
import { postgresqlConnector } from './postgresql-connector';

export interface Read {
  columns: readonly Column[];
  /** By column name. */
  rows: Record<string, unknown>[];
  rejects: Reject[];
  warnings: string[];
  /** The last one. */
  checkpoint: Checkpoint | null;
  error: FreshetError | null;
}

export interface ReadWishes extends Partial<Pick<ReadRequest, 'checkpoint' | 'knownColumns'>> {
  /** Reading ends when this many batches came. */
  batches?: number;
  /** Called when a batch came. */
  onBatch?(batch: Batch): void | Promise<void>;
}

export class SourceUnderTest {
  constructor(
    /** A superuser's URL. */
    private readonly url: string,
    private readonly streams: readonly Record<string, unknown>[],
    private readonly changes: Record<string, unknown> = {},
  ) {}

  get config() {
    const { hostname, port, pathname } = new URL(this.url);
    const { user: _user, password: _password, ...changes } = this.changes;
    const server = { host: hostname, port: Number(port), database: pathname.slice(1), tls: 'disable' };
    return { ...server, streams: this.streams, ...changes };
  }

  get credentials() {
    const { user = new URL(this.url).username, password = '' } = this.changes;
    return { user, password };
  }

  static context(
    allowHosts: readonly string[] = ['127.0.0.1', 'localhost'],
    signal = new AbortController().signal,
  ): ConnectorContext {
    return createContext({
      http: createHttpClient({ allowHosts }),
      signal,
      retry: { wait: () => Promise.resolve() },
    });
  }

  async read(stream: string, wishes: ReadWishes = {}, context = SourceUnderTest.context()): Promise<Read> {
    const read: Read = { columns: [], rows: [], rejects: [], warnings: [], checkpoint: null, error: null };
    const { config, credentials } = this;
    const { checkpoint = null, knownColumns = checkpoint && [] } = wishes;
    const request = { config, credentials, stream, slice: {}, account: null, checkpoint, knownColumns };
    let batches = 0;
    try {
      for await (const batch of postgresqlConnector.read(request, context)) {
        read.columns = batch.columns;
        read.rows.push(
          ...batch.rows.map((row) =>
            Object.fromEntries(batch.columns.map(({ name }, at) => [name, row[at]])),
          ),
        );
        read.rejects.push(...batch.rejects);
        read.warnings.push(...(batch.warnings ?? []));
        read.checkpoint = batch.checkpoint;
        await wishes.onBatch?.(batch);
        if (++batches === wishes.batches) break;
      }
    } catch (error) {
      if (!(error instanceof FreshetError)) throw error;
      read.error = error;
    }
    return read;
  }
}
