/** Brings a source's streams in line with what its connector has now (spec SY12). A stream that vanished stays with its rows. */
import type { LoadMode, NewStreams } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

export interface KnownStream {
  name: string;
  mode: LoadMode;
  key: string[];
  cursor: string | null;
  lookbackDays: number;
  provisionalDays: number;
  description: string;
}

export interface StreamsOfSource {
  sourceId: string;
  projectId: string;
  newStreams: NewStreams;
  /** In the order in which they are to be read. */
  streams: readonly KnownStream[];
}

const given = /* sql */ `rows from (jsonb_to_recordset($2::jsonb) as
  (name text, mode text, key jsonb, cursor text, "lookbackDays" int, "provisionalDays" int, description text))
  with ordinality g(name, mode, key, cursor, lookback_days, provisional_days, description, place)`;

// What a person has chosen (on or off, lookback) is theirs; what the connector says of itself may have changed.
const update = /* sql */ `
update app.stream s set description = g.description, provisional_days = g.provisional_days, cursor_column = g.cursor
from ${given}
where s.source_id = $1 and s.name = g.name and s.deleted_at is null
  and (s.description, s.provisional_days, s.cursor_column) is distinct from (g.description, g.provisional_days, g.cursor)`;

const add = /* sql */ `
insert into app.stream (organization_id, project_id, source_id, name, mode, key, cursor_column, lookback_days, provisional_days,
  description, priority, enabled, noticed)
select d.organization_id, d.project_id, d.id, g.name, g.mode, array(select jsonb_array_elements_text(g.key)), g.cursor, g.lookback_days,
  g.provisional_days, g.description, g.place - 1, $3, not $3::boolean
from app.data_source d, ${given}
where d.id = $1 and not exists (select from app.stream s where s.source_id = $1 and s.name = g.name and s.deleted_at is null)
on conflict do nothing
returning name`;

/** In a transaction. @returns names of the streams that were new */
export const reconcileStreams = async (sql: Sql, source: StreamsOfSource): Promise<string[]> => {
  const { sourceId, projectId, newStreams } = source;
  const streams = JSON.stringify(source.streams);
  await sql.rows(update, [sourceId, streams]);
  if (newStreams === 'ignore') return [];
  const added = await sql.rows<{ name: string }>(add, [sourceId, streams, newStreams === 'add']);
  if (added.length) {
    await emitEvents(sql, projectId, [
      { name: 'resource:changed', payload: { kind: 'source', id: sourceId, deleted: false } },
    ]);
  }
  return added.map(({ name }) => name);
};
