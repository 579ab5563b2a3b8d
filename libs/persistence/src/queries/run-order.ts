/** Which run of a source goes first: one at a time, and what reads the past again gives way to what is new (spec SY2, SY10). */

/** @param run alias of `app.sync_run` */
export const givesWay = (run: string): string => `(${run}.request ?| array['window', 'replay'])`;

/** Whether `run` has to wait for another one of its source: under way, parked, or, if it gives way, just waiting too. */
export const isBehind = (run: string): string => /* sql */ `exists (
  select from app.sync_run o
  where o.source_id = ${run}.source_id and o.id <> ${run}.id
    and (o.status in ('running', 'waiting')
      or o.status = 'queued' and ${run}.status = 'queued' and ${givesWay(run)} and not ${givesWay('o')}))`;

/** Runs of its organization that were asked for before it and have not ended: the more, the later it is its turn. */
export const rankInOrganization = (run: string): string => /* sql */ `(
  select count(*)::int from app.sync_run e
  where e.organization_id = ${run}.organization_id and e.status in ('queued', 'running') and e.id < ${run}.id)`;
