/** Makes models live again whose shadow mode is over: their latest build is their candidate, and is published as such. */
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

// Without a shadow build that readers don't see there is nothing to publish: then what the published version lacks is owed.
const end = /* sql */ `
with over as (
  select m.id, m.published_version, v.version as hidden
  from app.data_model m
  left join app.model_version v
    on v.model_id = m.id and v.version = m.last_finished_attempt and v.state = 'shadow' and v.version > m.published_version
  where m.id = any($1::bigint[]) and m.mode = 'shadow' and m.shadow_until <= clock_timestamp()
  order by m.id for update of m
), shown as (
  update app.model_version v set state = 'candidate'
  from over join app.data_model m on m.id = over.id and m.pinned_version is null
  where v.model_id = over.id and v.version = over.hidden
)
update app.data_model m
set mode = 'live', shadow_until = null,
  candidate_version = case when m.pinned_version is null then over.hidden end,
  built_vector = case when m.pinned_version is not null or over.hidden is not null then m.built_vector else
    (select v.vector from app.model_version v where v.model_id = m.id and v.version = m.published_version) end
from over where m.id = over.id
returning m.id::text as "modelId", m.project_id::text as "projectId"`;

/** In a transaction; the last thing it does. */
export const endShadowModes = async (sql: Sql, modelIds: readonly string[]): Promise<void> => {
  if (!modelIds.length) return;
  const ended = await sql.rows<{ modelId: string; projectId: string }>(end, [modelIds]);
  const byProject = Map.groupBy(ended, ({ projectId }) => projectId);
  for (const projectId of [...byProject.keys()].sort((a, b) => Number(a) - Number(b))) {
    await emitEvents(
      sql,
      projectId,
      (byProject.get(projectId) ?? []).map(({ modelId }) => ({
        name: 'resource:changed',
        payload: { kind: 'model', id: modelId, deleted: false },
      })),
    );
  }
};
