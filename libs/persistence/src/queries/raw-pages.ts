/** Vendors' answers as they came: kept with the slice they belong to, read back for a replay, forgotten in time (spec SY5). */
import type { Sql } from '../sql';

export interface RawPage {
  /** From 0 within its slice. */
  number: number;
  /** Gzipped JSON. */
  body: Buffer;
}

export interface PagesOf {
  runId: string;
  streamId: string;
  slice: Record<string, unknown>;
}

const store = /* sql */ `
insert into app.raw_page (organization_id, source_id, stream_id, run_id, slice, number, body)
select organization_id, source_id, $2, id, $3, $4, $5 from app.sync_run where id = $1`;

export const storeRawPage = async (sql: Sql, of: PagesOf, { number, body }: RawPage): Promise<void> => {
  await sql.rows(store, [of.runId, of.streamId, JSON.stringify(of.slice), number, body]);
};

export interface ArchivedSlice {
  runId: string;
  slice: { from?: string; to?: string };
}

// Of a run that was interrupted what it had committed is there all the same; only a table read whole has to be whole.
const slices = /* sql */ `
select p.run_id as "runId", p.slice
from app.raw_page p
where p.stream_id = $1
group by p.run_id, p.slice
having not $2::boolean or exists (
  select from app.sync_run_stream x where x.run_id = p.run_id and x.stream_id = $1 and x.status = 'completed')
order by max(p.id) desc`;

/** What is archived of a stream, newest first. @param whole only runs that read the stream to its end */
export const listArchivedSlices = (
  sql: Sql,
  streamId: string,
  { whole }: { whole: boolean },
): Promise<ArchivedSlice[]> => sql.rows<ArchivedSlice & Record<string, unknown>>(slices, [streamId, whole]);

const bodies = /* sql */ `
select id, body from app.raw_page where stream_id = $1 and run_id = $2 and slice = $3 and id > $4 order by id limit 1`;

/** One slice's pages in the order in which they came, one at a time. */
export const readRawPages = async function* (
  sql: Sql,
  streamId: string,
  { runId, slice }: ArchivedSlice,
): AsyncGenerator<Buffer> {
  for (let after = '0'; ;) {
    const values = [streamId, runId, JSON.stringify(slice), after];
    const [page] = await sql.rows<{ id: string; body: Buffer }>(bodies, values);
    if (!page) return;
    after = page.id;
    yield page.body;
  }
};

const forget = /* sql */ `
delete from app.raw_page where id in (
  select id from app.raw_page where fetched_at < clock_timestamp() - make_interval(days => $1) limit $2)
returning 1`;

/** @returns how many went; as many as `most` when there may be more */
export const forgetOldPages = async (sql: Sql, days: number, most: number): Promise<number> =>
  (await sql.rows(forget, [days, most])).length;
