/** Reads one stream: by a query job, page by page, from the place in its results or the cursor that the checkpoint names. */
import { randomUUID } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import { goOn } from '../kit/cancelled';
import type { Column } from '../kit/column';
import type { Batch, Checkpoint, Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import type { BigQueryClient, JobPlace, ResultsPage } from './bigquery-client';
import { modeOf, specOf, type TableStream } from './bigquery-config';
import { cursorField, inOwnQuery, statementOf, wholeQuery, type Place } from './query-sql';
import { cursorText, tableOf, unusualNumbers, type Field, type Wire } from './values';

/** As BigQuery gave it. */
export interface ResultsBody {
  fields: Field[];
  rows: { f: Wire[] }[];
}

/** What is remembered between runs. */
const checkpointSchema = z.object({
  /** That of the last row read, exact; null while none has one. */
  cursor: z.string().nullable(),
  /** Where we are in a query's results, which BigQuery keeps for a day; absent between passes. */
  job: z.object({ id: z.string(), location: z.string(), pageToken: z.string(), read: z.number() }).optional(),
});
type TableCheckpoint = z.infer<typeof checkpointSchema>;

const checkpointOf = (checkpoint: Checkpoint | null): TableCheckpoint => {
  const parsed = checkpointSchema.safeParse(checkpoint ?? {});
  return parsed.success ? parsed.data : { cursor: null };
};

interface Reading {
  job: JobPlace;
  page: ResultsPage;
  /** Rows on the pages before. */
  read: number;
}

const firstLook = 1_000;
const longestWait = 15_000;

const awaited = async (
  client: BigQueryClient,
  job: JobPlace,
  pageToken: string,
  context: ConnectorContext,
): Promise<ResultsPage> => {
  for (let delay = firstLook; ; delay = Math.min(longestWait, delay * 2)) {
    const page = await client.results(job, pageToken);
    if (page) return page;
    await context.wait(delay);
  }
};

/** The page where a stopped read goes on; null when BigQuery has forgotten it, or there is none. */
const resumed = async (
  client: BigQueryClient,
  { job }: TableCheckpoint,
  context: ConnectorContext,
): Promise<Reading | null> => {
  if (!job) return null;
  try {
    return { job, page: await awaited(client, job, job.pageToken, context), read: job.read };
  } catch (error) {
    if (error instanceof FreshetError && error.code === 'source_page_expired') return null;
    throw error;
  }
};

const started = async (
  client: BigQueryClient,
  stream: TableStream,
  place: Place & { location?: string | undefined },
  from: string | null,
  context: ConnectorContext,
): Promise<Reading> => {
  const dry = await client.dryRun({ sql: wholeQuery(stream, place), parameters: [] }, place.location);
  const field = cursorField(stream, dry.fields);
  const statement = statementOf(stream, place, { field, from, now: context.now() });
  const job = { id: `freshet_${randomUUID()}`, location: dry.location };
  await client.startJob(statement, job);
  return { job, page: await awaited(client, job, '', context), read: 0 };
};

const changed = (name: string): FreshetError =>
  new FreshetError('source_changed', `BigQuery gave other rows of ${name} than it had counted.`, {
    action: 'Nothing to do: they are read again.',
  });

export interface TableRequest {
  stream: TableStream;
  place: Place & { location?: string | undefined };
  checkpoint: Checkpoint | null;
  knownColumns: Column[] | null;
}

export const readTable = async function* (
  client: BigQueryClient,
  { stream, place, checkpoint, knownColumns }: TableRequest,
  context: ConnectorContext,
): AsyncGenerator<Batch> {
  const before = checkpointOf(checkpoint);
  let reading: Reading;
  try {
    reading =
      (await resumed(client, before, context)) ??
      (await started(client, stream, place, before.cursor, context));
  } catch (error) {
    throw inOwnQuery(error, stream);
  }
  const mode = modeOf(stream);
  /** Rows without a key can't be told from those of the same moment, so their pages are committed together. */
  const commitsWithin = mode === 'upsert' || (mode === 'append' && stream.key.length > 0);
  let { cursor } = before;
  const { job } = reading;
  for (let { page, read } = reading; ;) {
    goOn(context.signal);
    cursor = lastCursor(stream, page) ?? cursor;
    read += page.rows.length;
    const { nextPageToken: pageToken, totalRows } = page;
    if (pageToken === null && read !== totalRows) throw changed(stream.name);
    const body: ResultsBody = { fields: page.fields, rows: page.rows };
    const progress = totalRows === 0 ? 1 : Math.min(1, read / totalRows);
    let next: TableCheckpoint | null = { cursor };
    if (pageToken !== null) next = commitsWithin ? { cursor, job: { ...job, pageToken, read } } : null;
    const kept: Page<ResultsBody> = { body, checkpoint: next, progress };
    await context.archive(kept);
    yield batchOf(kept, stream, knownColumns);
    if (pageToken === null) return;
    page = await awaited(client, job, pageToken, context);
  }
};

const lastCursor = (stream: TableStream, { fields, rows }: ResultsPage): string | null => {
  const field = cursorField(stream, fields);
  const last = rows.at(-1);
  return field && last ? cursorText(last.f[fields.indexOf(field)], field) : null;
};

export const batchOf = (
  { body: { fields, rows }, checkpoint, progress }: Page<ResultsBody>,
  stream: TableStream,
  knownColumns: Column[] | null,
): Batch => {
  const table = tableOf(fields, knownColumns, specOf(stream).key);
  const made = rows.map(({ f }, place) => table.rowOf(f, place + 1));
  return {
    columns: table.columns,
    rows: made.flatMap((one) => ('row' in one ? [one.row] : [])),
    rejects: made.flatMap((one) => ('reject' in one ? [one.reject] : [])),
    checkpoint: checkpoint ?? null,
    progress: progress ?? null,
    notModified: false,
    warnings: unusualNumbers(
      fields,
      rows.map(({ f }) => f),
    ),
  };
};
