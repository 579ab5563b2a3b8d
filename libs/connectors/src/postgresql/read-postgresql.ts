/** Turns the portions of a table or query into batches. */
import { FreshetError } from '@freshet/contracts';
import type { Reject, Row } from '../kit/column';
import type { Batch, ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { goOn } from '../kit/cancelled';
import { rowMaker, tableColumns } from './columns';
import {
  streamSpec,
  type PostgresqlConfig,
  type PostgresqlCredentials,
  type StreamConfig,
} from './postgresql-config';
import { StreamReader, type Portion } from './stream-reader';

export const streamOf = ({ streams }: PostgresqlConfig, name: string): StreamConfig => {
  const found = streams.find((stream) => streamSpec(stream).name === name);
  if (found) return found;
  throw new FreshetError('source_not_found', `The source has no stream called ${name} any more.`, {
    action: 'Add it to the source’s settings again, or turn it off.',
  });
};

const batchOf = (
  { columns: found, rows: texts, position, progress, warnings }: Portion,
  { knownColumns }: Pick<ReadRequest, 'knownColumns'>,
  key: readonly string[],
  before: number,
): Batch => {
  const columns = tableColumns(knownColumns, found);
  const make = rowMaker(columns, found, key);
  const rows: Row[] = [];
  const rejects: Reject[] = [];
  texts.forEach((text, at) => {
    const made = make(text, before + at + 1);
    if ('row' in made) rows.push(made.row);
    else rejects.push(made.reject);
  });
  return { columns, rows, rejects, checkpoint: position, progress, notModified: false, warnings };
};

export const readPostgresql = async function* (
  request: ReadRequest<PostgresqlConfig, PostgresqlCredentials>,
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const stream = streamOf(request.config, request.stream);
  const { key } = streamSpec(stream);
  const reader = new StreamReader(request, stream, context);
  let done = 0;
  try {
    for (let isLast = false; !isLast;) {
      goOn(context.signal);
      const portion = await reader.next();
      ({ isLast } = portion);
      yield batchOf(portion, request, key, done);
      done += portion.rows.length;
    }
  } finally {
    await reader.close();
  }
};
