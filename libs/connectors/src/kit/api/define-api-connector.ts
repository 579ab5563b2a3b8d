/** Makes a connector from a vendor's streams: reading, replaying, converting and rejecting are the same for all of them. */
import { FreshetError } from '@freshet/contracts';
import type { Reject, Row } from '../column';
import type { Batch, Connector, DiscoveredStream, Page, ReadRequest, StreamSpec } from '../connector';
import type { ConnectorContext } from '../context';
import { defineConnector, type ConnectorDefinition } from '../define-connector';
import { goOn } from '../cancelled';
import { rowMaker } from './api-row';
import type { ApiStream, PageOrigin } from './api-stream';

export interface ApiConnectorDefinition<Config, Credentials> extends Omit<
  ConnectorDefinition<Config, Credentials>,
  'streams' | 'fixedStreams' | 'discover' | 'read' | 'replay'
> {
  /** Each with a body of its own type, which `pages` makes and `rows` takes. */
  streams: readonly ApiStream<Config, Credentials>[];
  /** What the config changes about a stream, such as its lookback. */
  tune?(stream: StreamSpec, config: Config): StreamSpec;
}

type AnyStream<Config, Credentials> = ApiStream<Config, Credentials>;

const specOf = <Config, Credentials>(stream: AnyStream<Config, Credentials>): StreamSpec => {
  const { name, mode, key, cursor, lookbackDays, provisionalDays, description, slicing } = stream;
  return { name, mode, key: [...key], cursor, lookbackDays, provisionalDays, description, slicing };
};

const rawLength = 500;

/** One page as a batch. Rejects are numbered by their place in the page. */
const batchOf = <Config, Credentials>(
  stream: AnyStream<Config, Credentials>,
  { body, checkpoint, progress }: Page,
  origin: PageOrigin<Config>,
): Batch => {
  const make = rowMaker(stream.columns, stream.key);
  const rows: Row[] = [];
  const rejects: Reject[] = [];
  let number = 0;
  for (const values of stream.rows(body, origin)) {
    number += 1;
    const made = make(values);
    if ('row' in made) rows.push(made.row);
    else rejects.push({ row: number, reason: made.reason, raw: JSON.stringify(values).slice(0, rawLength) });
  }
  return {
    columns: stream.columns,
    rows,
    rejects,
    checkpoint: checkpoint ?? null,
    progress: progress ?? null,
    notModified: false,
    warnings: stream.warnings?.(body) ?? [],
  };
};

export const defineApiConnector = <Config, Credentials>(
  definition: ApiConnectorDefinition<Config, Credentials>,
): Connector => {
  const { streams } = definition;
  const streamOf = (name: string): AnyStream<Config, Credentials> => {
    const found = streams.find((stream) => stream.name === name);
    if (found) return found;
    throw new FreshetError('source_not_found', `${definition.name} has no stream called ${name} any more.`, {
      action: 'Turn this stream off in the source’s settings.',
    });
  };

  const tuned = (config: Config): StreamSpec[] =>
    streams.map(specOf).map((stream) => definition.tune?.(stream, config) ?? stream);

  const toBatches = async function* (
    request: ReadRequest<Config, Credentials>,
    pages: AsyncIterable<Page>,
    context: Pick<ConnectorContext, 'signal' | 'archive'> | null,
  ): AsyncGenerator<Batch> {
    const stream = streamOf(request.stream);
    let sent = false;
    for await (const page of pages) {
      if (context) {
        goOn(context.signal);
        await context.archive(page);
      }
      sent = true;
      yield batchOf(stream, page, request);
    }
    // A slice without a page is a slice without rows, and is committed as such.
    if (!sent) yield batchOf({ ...stream, rows: () => [] }, { body: null, progress: 1 }, request);
  };

  return defineConnector<Config, Credentials>({
    ...definition,
    fixedStreams: streams.map(specOf),
    streams: tuned,
    discover: async (config) =>
      tuned(config).map((stream): DiscoveredStream => ({
        ...stream,
        columns: [...streamOf(stream.name).columns],
        sample: [],
      })),
    read: (request, context) => toBatches(request, streamOf(request.stream).pages(request, context), context),
    replay: (request, pages) => toBatches(request, pages, null),
  });
};
