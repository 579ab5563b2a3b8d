/** Brings a source's streams in line with a config that a person changed: adds those it names anew, has changed ones read anew, removes others. */
import type { Connector, StreamSpec } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import {
  findReaders, forgetPagesOf, removeStreams, Stream, type EntityManager, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { streamTable } from '@freshet/warehouse';

export interface ConfigChange {
  source: { id: string; organizationId: string; projectId: string; slug: string };
  /** What the connector makes of the config before and after. */
  before: readonly StreamSpec[];
  after: readonly StreamSpec[];
  /** The person knows that tables with rows go. */
  confirmed: boolean;
}

/** Those that the config names; a local source stays the one table that people's queries name, whatever its address. */
export const streamsOf = (connector: Connector, config: unknown): StreamSpec[] => {
  if (connector.isLocal) return [];
  try {
    return connector.streams(config);
  } catch (error) {
    // Stored when less was asked of a config: nothing is known to have been chosen.
    if (error instanceof FreshetError) return [];
    throw error;
  }
};

export interface FollowedConfig {
  /** Names of streams that are gone. */
  removed: string[];
}

/** What makes other rows of a stream: then those that are here say nothing about those to come. */
const shapeOf = ({ mode, key, cursor, origin }: StreamSpec): string =>
  JSON.stringify([mode, key, cursor, origin]);

/**
 * In the transaction that stores the config. Streams that the connector has by itself are left to the next run. Throws `has_dependents`
 * with the models and dashboards that read a table that would go, and `conflict` with the tables when that was not confirmed.
 */
export const followConfig = async (
  em: EntityManager,
  sql: Sql,
  { source, before, after, confirmed }: ConfigChange,
): Promise<FollowedConfig> => {
  const streams = await em.find(Stream, { sourceId: source.id, deletedAt: null });
  const specOf = new Map(after.map((spec) => [spec.name, spec]));
  const wasThere = new Map(before.map((spec) => [spec.name, spec]));
  const removed = streams.filter(({ name }) => wasThere.has(name) && !specOf.has(name));
  await refuseLoss(sql, source, removed, confirmed);

  const reshaped = streams.filter(({ name }) => {
    const [was, is] = [wasThere.get(name), specOf.get(name)];
    // One that was left behind by an earlier config is chosen again: nobody knows of what its rows are.
    return is && (!was || shapeOf(was) !== shapeOf(is));
  });
  for (const stream of reshaped) {
    const spec = specOf.get(stream.name);
    if (!spec) continue;
    const { mode, key, cursor, description } = spec;
    const shape = stream.shape + 1;
    Object.assign(stream, { mode, key, cursorColumn: cursor, description, shape });
    if (!wasThere.has(stream.name)) Object.assign(stream, { enabled: true, noticed: false });
  }
  await forgetPagesOf(sql, reshaped.map(({ id }) => id)); // prettier-ignore

  const known = new Set(streams.map(({ name }) => name));
  const { organizationId, projectId, id: sourceId } = source;
  for (const [priority, spec] of after.entries()) {
    const { name, mode, key, cursor, lookbackDays, provisionalDays, description } = spec;
    if (known.has(name) || wasThere.has(name)) continue;
    em.create(Stream, {
      organizationId, projectId, sourceId, name, mode, key, cursorColumn: cursor, lookbackDays, provisionalDays, description, priority,
    }); // prettier-ignore
  }
  await em.flush();
  if (removed.length > 0) {
    const tables = removed.filter(isLoaded).map(({ id, generation }) => streamTable(id, generation));
    await removeStreams(sql, { organizationId, projectId, ids: removed.map(({ id }) => id), tables });
  }
  return { removed: removed.map(({ name }) => name) };
};

interface LoadedStream {
  id: string;
  name: string;
  generation: number;
  rowCount: number;
}

const isLoaded = ({ generation }: LoadedStream): boolean => generation > 0;

const refuseLoss = async (
  sql: Sql,
  { slug }: { slug: string },
  removed: readonly LoadedStream[],
  confirmed: boolean,
): Promise<void> => {
  if (removed.length === 0) return;
  const tables = removed.map(({ name, rowCount }) => ({ table: `${slug}.${name}`, rowCount }));
  const readers = await findReaders(sql, 't', removed.map(({ id }) => id)); // prettier-ignore
  const reading = [
    ...readers.models.map(({ name }) => `the model ${name}`),
    ...readers.dashboards.map(({ name }) => `the dashboard ${name}`),
  ];
  if (reading.length > 0) {
    const [names, one] = [listed(tables.map(({ table }) => table)), tables.length === 1];
    throw new FreshetError(
      'has_dependents',
      `${one ? `The table ${names}` : `One of the tables ${names}`} is read by ${listed(reading)}, so ${one ? 'it' : 'they'} cannot be removed.`,
      {
        action:
          'Change those first; or leave the table in the source and switch its sync off under Streams, which keeps its rows.',
        extra: { dependents: readers, tables },
      },
    );
  }
  const loaded = removed.filter(isLoaded);
  if (confirmed || loaded.length === 0) return;
  const lost = loaded.map(({ name, rowCount }) => ({ table: `${slug}.${name}`, rowCount }));
  throw new FreshetError(
    'conflict',
    `With this change ${listed(lost.map(({ table, rowCount }) => `${table} (${rowCount === 1 ? '1 row' : `${rowCount.toLocaleString('en')} rows`})`))} would be deleted.`,
    { action: 'Save it with ?confirm=true if that is what you want.', extra: { tables: lost } },
  );
};

/** `a, b and c`. */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
