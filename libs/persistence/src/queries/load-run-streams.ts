/** The streams that a run reads, with what it has read of them already. */
import type { Column, LoadMode } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface RunStream {
  id: string;
  name: string;
  mode: LoadMode;
  key: string[];
  cursor: string | null;
  lookbackDays: number;
  columns: Column[];
  generation: number;
  checkpoint: Record<string, unknown> | null;
  /** What a person made of it; see `anew`. */
  shape: number;
  /** It was changed since its table was loaded: nothing is known of it, and it is read whole into the next generation. */
  anew: boolean;
  /** How far this run is with it: its attempts before this one count. */
  sofar: {
    /** It was read whole, though the run went on with others. */
    whole: boolean;
    slices: number;
    received: number;
    rejected: number;
    state: Record<string, unknown> | null;
    warnings: string[];
  };
}

const query = /* sql */ `
select s.id, s.name, s.mode, s.key, s.cursor_column as cursor, s.lookback_days as "lookbackDays", s.generation,
  s.shape, s.shape <> s.loaded_shape as anew,
  case when s.shape = s.loaded_shape then s.columns else '[]' end as columns,
  case when s.shape = s.loaded_shape then s.checkpoint end as checkpoint,
  json_build_object('whole', coalesce(x.status = 'completed', false), 'slices', coalesce(x.slices, 0),
    'received', coalesce(x.received, 0), 'rejected', coalesce(x.rejected, 0), 'state', x.state,
    'warnings', coalesce(x.warnings, '[]')) as sofar
from app.stream s
left join app.sync_run_stream x on x.stream_id = s.id and x.run_id = $2
where s.source_id = $1 and s.enabled and s.deleted_at is null
order by s.priority, s.id`;

export const loadRunStreams = (
  sql: Sql,
  { id, sourceId }: { id: string; sourceId: string },
): Promise<RunStream[]> => sql.rows<RunStream & Record<string, unknown>>(query, [sourceId, id]);

const markWhole = /* sql */ `
update app.sync_run_stream x set status = 'completed'
from app.sync_run r
where x.run_id = $1 and x.stream_id = $3 and r.id = x.run_id and r.attempt = $2 and r.status = 'running'`;

/** A run that goes on after an interruption does not read this stream again. */
export const markStreamWhole = async (
  sql: Sql,
  run: { id: string; attempt: number },
  streamId: string,
): Promise<void> => {
  await sql.rows(markWhole, [run.id, run.attempt, streamId]);
};

/** Of all streams of a source, also those that are off. */
export const listStreamNames = async (sql: Sql, sourceId: string): Promise<string[]> => {
  const query = 'select name from app.stream where source_id = $1 and deleted_at is null order by id';
  return (await sql.rows<{ name: string }>(query, [sourceId])).map(({ name }) => name);
};
