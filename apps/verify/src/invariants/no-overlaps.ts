/** Two refreshes of one model never run at the same time, whatever the processes believe. */
import { at, epoch, modelNamed, violated, type Invariant, type Outcome } from '../invariant';

export interface RanRefresh {
  id: string;
  modelId: string;
  model: string;
  startedAt: number;
  /** Null: it runs now. */
  completedAt: number | null;
}

/** By model, in the order in which they began. */
const query = /* sql */ `
select r.id, r.model_id as "modelId", m.name as model, ${epoch('r.started_at')} as "startedAt",
  ${epoch('r.completed_at')} as "completedAt"
from app.refresh r join app.data_model m on m.id = r.model_id
where r.project_id = $1 and r.started_at is not null
  and coalesce(r.completed_at, 'infinity') >= to_timestamp($2::float8 / 1000)
order by r.model_id, r.started_at, r.id`;

export const findOverlaps = (refreshes: readonly RanRefresh[]): Outcome => {
  const findings = [];
  let latest: RanRefresh | undefined;
  for (const refresh of refreshes) {
    if (latest?.modelId === refresh.modelId && endOf(latest) > refresh.startedAt) {
      findings.push(
        violated(
          `Refreshes ${latest.id} and ${refresh.id} of ${modelNamed(refresh)} ran at the same time: ${refresh.id} began at ` +
            `${at(refresh.startedAt)}, when ${latest.id} ${latest.completedAt === null ? 'was running' : `ran until ${at(latest.completedAt)}`}. ` +
            'Look at who held the lease of the model, and at both processes’ logs.',
        ),
      );
    }
    if (latest?.modelId !== refresh.modelId || endOf(refresh) > endOf(latest)) latest = refresh;
  }
  return { checked: refreshes.length, findings };
};

const endOf = ({ completedAt }: RanRefresh): number => completedAt ?? Infinity;

export const noOverlaps: Invariant = {
  name: 'no-overlaps',
  says: 'Two refreshes of one model never run at the same time.',
  scope: 'project',
  check: async ({ sql, projectId, since }) =>
    findOverlaps(await sql.rows<RanRefresh & Record<string, unknown>>(query, [projectId, since])),
};
