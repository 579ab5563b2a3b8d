/** Reads a file: download it whole, parse it once while its types settle, then hand over the rows in their final columns. */
import { goOn } from '../kit/cancelled';
import type { Column, Row } from '../kit/column';
import type { Batch, ReadRequest } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { ColumnTypes } from '../kit/types/column-types';
import { unreadable } from '../kit/unreadable';
import { download, type Download } from './download';
import { checkpointAfter, usableCheckpoint } from './file-checkpoint';
import { fileStream, type FileConfig } from './file-config';
import { formatOf, isUntyped, parserFor } from './format';
import { RowCollector } from './row-collector';
import { RowSpool } from './row-spool';

/** Rows from which the types of new columns are learned. */
export const sampleRows = 1_000;
const batchRows = 2_000;
/** Wide rows make a batch at this many bytes of the file. */
const batchBytes = 4 * 1024 * 1024;

/** Parses everything into `rows` and gives the types that hold all of it. */
const parseAll = async (
  { spool, head }: Download,
  { config, knownColumns }: ReadRequest<FileConfig>,
  rows: RowSpool,
  context: ConnectorContext,
): Promise<ColumnTypes> => {
  const format = await formatOf(config, head);
  const collector = new RowCollector();
  const parser = parserFor(format, collector);
  const types = new ColumnTypes({ known: knownColumns, sampleRows, untyped: isUntyped(format) });
  let bytes = 0;
  let columns = 0;
  const flush = async (): Promise<void> => {
    for (; columns < collector.names.length; columns++) types.add(collector.names[columns] ?? '');
    const batch = collector.take();
    for (const row of batch.rows) types.observe(row);
    await rows.append(batch);
    bytes = 0;
  };
  for await (const chunk of spool.chunks()) {
    goOn(context.signal);
    await parser.write(chunk);
    bytes += chunk.length;
    if (collector.count >= batchRows || bytes >= batchBytes) await flush();
  }
  await parser.end();
  await flush();
  return types;
};

export const refuseMissingKey = (key: readonly string[], columns: readonly Column[]): void => {
  const names = columns.map(({ name }) => name);
  const missing = key.find((name) => !names.includes(name));
  if (missing === undefined) return;
  throw unreadable(
    `The file has no column ${missing}, which is set as its key.`,
    `Choose among: ${names.slice(0, 20).join(', ')}.`,
  );
};

const toBatches = async function* (
  rows: RowSpool,
  types: ColumnTypes,
  key: readonly string[],
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const columns = types.columns();
  const project = types.projection(key);
  let done = 0;
  for await (const part of rows.read()) {
    goOn(context.signal);
    const ready: Row[] = [];
    const rejects = part.rejects;
    part.rows.forEach((raw, index) => {
      const projected = project(raw);
      if ('row' in projected) ready.push(projected.row);
      else
        rejects.push({
          row: part.numbers[index] ?? 0,
          reason: projected.reason,
          raw: JSON.stringify(raw).slice(0, 500),
        });
    });
    done += 1;
    yield {
      columns,
      rows: ready,
      rejects,
      checkpoint: null,
      progress: done / rows.batches,
      notModified: false,
    };
  }
};

const readDownload = async function* (
  stored: Download,
  request: ReadRequest<FileConfig>,
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const rows = await RowSpool.open();
  try {
    const { key } = fileStream(request.config);
    const types = await parseAll(stored, request, rows, context);
    const columns = types.columns();
    if (columns.length === 0)
      throw unreadable(
        'The file has no rows yet, so its columns are not known.',
        'Sync again once it has some.',
      );
    refuseMissingKey(key, types.sourceColumns());
    const checkpoint = checkpointAfter(request.config, stored);
    for await (const batch of toBatches(rows, types, key, context))
      yield batch.progress === 1 ? { ...batch, checkpoint } : batch;
  } finally {
    await rows.close();
  }
};

export const readFile = async function* (
  request: ReadRequest<FileConfig>,
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const last = usableCheckpoint(request);
  const unchanged: Batch = {
    columns: request.knownColumns ?? [],
    rows: [],
    rejects: [],
    checkpoint: request.checkpoint,
    progress: 1,
    notModified: true,
  };
  const stored = await download(request.config, last, context);
  if (stored === 'not-modified') {
    yield unchanged;
    return;
  }
  try {
    if (stored.sha256 === last?.sha256)
      yield { ...unchanged, checkpoint: checkpointAfter(request.config, stored) };
    else yield* readDownload(stored, request, context);
  } finally {
    await stored.spool.close();
  }
};
