/** Reads whole files through the connector, for specs. */
import type { Column, Reject, Row } from '../kit/column';
import type { Checkpoint, ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { createContext, type ContextOptions } from '../kit/create-context';
import { createHttpClient } from '../kit/http/http-client';
import { fileConnector } from './file-connector';

export interface WholeRead {
  columns: Column[];
  rows: Row[];
  rejects: Reject[];
  checkpoint: Checkpoint | null;
  notModified: boolean;
}

export interface SpecReader {
  context: ConnectorContext;
  contextWith(signal: AbortSignal): ConnectorContext;
  /** Expects that only the last batch has a checkpoint and that all agree on the columns. */
  read(config: unknown, request?: Partial<ReadRequest>): Promise<WholeRead>;
  /** Columns as `name type`. */
  table(config: unknown): Promise<{ columns: string[]; rows: Row[] }>;
  close(): Promise<void>;
}

export const specReader = (options: Partial<ContextOptions> = {}): SpecReader => {
  const http = createHttpClient({ allowHosts: ['127.0.0.1'] });
  const contextWith = (signal: AbortSignal): ConnectorContext =>
    createContext({ http, signal, retry: { wait: () => Promise.resolve() }, ...options });
  const context = contextWith(new AbortController().signal);
  const read: SpecReader['read'] = async (config, request) => {
    const whole: WholeRead = { columns: [], rows: [], rejects: [], checkpoint: null, notModified: false };
    const start = {
      credentials: null,
      stream: 'data',
      slice: {},
      account: null,
      checkpoint: null,
      knownColumns: null,
    };
    for await (const batch of fileConnector.read({ ...start, ...request, config }, context)) {
      if (whole.checkpoint !== null) throw new Error('A batch came after the checkpoint that ends the file.');
      whole.columns = [...batch.columns];
      whole.rows.push(...batch.rows);
      whole.rejects.push(...batch.rejects);
      whole.checkpoint = batch.checkpoint;
      whole.notModified = batch.notModified;
    }
    return whole;
  };
  return {
    context,
    contextWith,
    read,
    async table(config) {
      const { columns, rows } = await read(config);
      return { columns: columns.map(({ name, type }) => `${name} ${type}`), rows };
    },
    close: () => http.close(),
  };
};
