/** How many rows each stream of a run brought, and on earlier days of the same weekday: what the silent-failure guard compares (spec SY14). */
import type { Sql } from '../sql';

export interface StreamVolume {
  streamId: string;
  name: string;
  /** IANA zone of the account whose days are counted. */
  timeZone: string;
  /** Of the day in question. */
  received: number;
  /** The last days of that weekday on which it was read, newest first. */
  earlier: { received: number; released: boolean }[];
}

export interface VolumesWanted {
  runId: string;
  now: Date;
  /** Streams of which each run brings only what is new: their runs of a day count together, up to this time of day. */
  incremental: readonly string[];
  days: number;
}

// A run's day is the one on which it began. Of a stream that is read again each time, a day's last run speaks for the day.
const query = /* sql */ `
with now as (
  select x.stream_id, s.name, coalesce(s.time_zone, 'UTC') as zone, s.name = any($3::text[]) as adds, x.received
  from app.sync_run_stream x join app.stream s on s.id = x.stream_id where x.run_id = $1
), runs as (
  select n.stream_id, r.id, x.received, n.adds, x.held_why is not null as released,
    (r.started_at at time zone n.zone)::date as day, (r.started_at at time zone n.zone)::time as at,
    ($2::timestamptz at time zone n.zone)::date as today, ($2::timestamptz at time zone n.zone)::time as clock
  from now n join app.sync_run_stream x on x.stream_id = n.stream_id join app.sync_run r on r.id = x.run_id
  where r.id <> $1 and r.status = 'completed' and not r.held and r.started_at > $2::timestamptz - interval '100 days'
    and not r.request ?| array['window', 'replay', 'full', 'hooks']
), days as (
  select stream_id, day, bool_or(released) as released,
    case when adds then sum(received) filter (where at <= clock)
      else (array_agg(received order by id desc))[1] end as received
  from runs where (today - day) % 7 = 0 and day < today group by stream_id, day, adds
), ranked as (
  select *, row_number() over (partition by stream_id order by day desc) as place from days
)
select n.stream_id as "streamId", n.name, n.zone as "timeZone",
  (n.received + case when n.adds then coalesce((
    select sum(received) from runs where runs.stream_id = n.stream_id and day = today), 0) else 0 end)::float8 as received,
  coalesce((select json_agg(json_build_object('received', coalesce(d.received, 0), 'released', d.released) order by d.day desc)
    from ranked d where d.stream_id = n.stream_id and d.place <= $4), '[]') as earlier
from now n order by n.stream_id`;

export const loadVolumes = (
  sql: Sql,
  { runId, now, incremental, days }: VolumesWanted,
): Promise<StreamVolume[]> =>
  sql.rows<StreamVolume & Record<string, unknown>>(query, [runId, now, incremental, days]);
