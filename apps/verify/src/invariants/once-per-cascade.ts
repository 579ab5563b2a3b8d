/** Nothing is done twice: no version published twice, no attempt number reused, nothing rebuilt from the inputs it was built from. */
import { defaults } from '@freshet/contracts';
import { vectorsEqual, type InputVector } from '@freshet/domain';
import { epoch, modelNamed, violated, type Finding, type Invariant, type Outcome } from '../invariant';

export interface Attempt {
  id: string;
  modelId: string;
  model: string;
  status: string;
  kind: string;
  /** The attempt's number; null when its result equalled the published version. */
  version: number | null;
  published: boolean;
  cascadeId: string | null;
  vector: InputVector | null;
  startedAt: number;
  completedAt: number | null;
  lastStartedAttempt: number;
  /** When somebody last moved the model's pointer by hand, before it ended; null: never. */
  movedByHandAt: number | null;
  /** The same of a model that it reads. */
  inputMovedByHandAt: number | null;
}

/** @param subjects SQL of ids of models */
const movedByHand = (subjects: string): string =>
  epoch(`(select max(a.at) from app.audit_entry a where a.project_id = r.project_id
    and a.at < r.completed_at and ((a.subject_kind = 'model' and a.subject_id in (${subjects})) or a.action = 'publish-mode'))`);

const query = /* sql */ `
select r.id, r.model_id as "modelId", m.name as model, r.status, r.kind, r.version, r.published, r.cascade_id as "cascadeId", r.vector,
  ${epoch('r.started_at')} as "startedAt", ${epoch('r.completed_at')} as "completedAt", m.last_started_attempt as "lastStartedAttempt",
  ${movedByHand('r.model_id')} as "movedByHandAt",
  ${movedByHand(`select i.input_id from app.model_input i where i.model_id = r.model_id and i.kind = 'm'`)} as "inputMovedByHandAt"
from app.refresh r join app.data_model m on m.id = r.model_id
where r.project_id = $1 and r.started_at is not null
  and coalesce(r.completed_at, 'infinity') >= to_timestamp($2::float8 / 1000)
order by r.model_id, r.started_at, r.id`;

/** @param attempts by model, in the order in which they began */
export const findRepeats = (attempts: readonly Attempt[]): Outcome => ({
  checked: attempts.length,
  findings: Object.values(Object.groupBy(attempts, ({ modelId }) => modelId)).flatMap((ofModel = []) => [
    ...reusedNumbers(ofModel),
    ...publishedTwice(ofModel),
    ...needlessBuilds(ofModel),
  ]),
});

const reusedNumbers = (attempts: readonly Attempt[]): Finding[] => {
  const findings: Finding[] = [];
  let last = 0;
  for (const { id, version, lastStartedAttempt, ...of } of attempts) {
    if (version === null) continue;
    if (version <= last) {
      findings.push(
        violated(
          `Refresh ${id} of ${modelNamed(of)} is attempt ${version}, after attempt ${last} had begun: numbers of attempts only go up. ` +
            'Look at data_model.last_started_attempt and whether the row was restored from an older copy.',
        ),
      );
    }
    if (version > lastStartedAttempt) {
      findings.push(
        violated(
          `Refresh ${id} of ${modelNamed(of)} is attempt ${version}, but only ${lastStartedAttempt} were ever drawn. ` +
            'Look at data_model.last_started_attempt.',
        ),
      );
    }
    last = Math.max(last, version);
  }
  return findings;
};

const publishedTwice = (attempts: readonly Attempt[]): Finding[] => {
  const by = new Map<number, Attempt>();
  return attempts.flatMap((attempt) => {
    const { id, version } = attempt;
    if (!attempt.published || version === null) return [];
    const before = by.get(version);
    by.set(version, attempt);
    if (!before) return [];
    return [
      violated(
        `Version ${version} of ${modelNamed(attempt)} was published twice, by refreshes ${before.id} and ${id}. ` +
          'Look at the fence: data_model.last_finished_attempt and both processes’ logs.',
      ),
    ];
  });
};

/** A shadow build or a candidate: readers never saw it, so it may have to be built again for them. */
const isSetAside = ({ published, version }: Attempt): boolean => !published && version !== null;

/** In the order in which they finished: only then it is known what was there before. */
const needlessBuilds = (attempts: readonly Attempt[]): Finding[] => {
  const finished = attempts
    .filter(({ status, kind, vector }) => status === 'COMPLETED' && kind === 'live' && vector)
    .sort((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0));
  return finished.flatMap((build, place) => {
    const sameCascade = finished
      .slice(0, place)
      .find(
        ({ cascadeId, vector }) =>
          cascadeId !== null && cascadeId === build.cascadeId && vectorsEqual(vector, build.vector),
      );
    const before = sameCascade ?? finished[place - 1];
    if (!before || !vectorsEqual(before.vector, build.vector) || isSetAside(before)) return [];
    // A model that was rolled back and released is owed what its old version lacks, which may have been built before.
    if (build.movedByHandAt !== null && build.movedByHandAt > before.startedAt) return [];
    // An input that was rolled back between the decision to build and the build's snapshot is again what it was before.
    const decidedAt = build.startedAt - defaults.refresh.look;
    if (build.inputMovedByHandAt !== null && build.inputMovedByHandAt > decidedAt) return [];
    return [
      violated(
        `Refreshes ${before.id} and ${build.id} of ${modelNamed(build)} were built from the very same inputs` +
          `${sameCascade ? `, both for cascade ${build.cascadeId}` : ''}: the second was not owed. ` +
          'Look at why it was dispatched: its reason, and who asked.',
      ),
    ];
  });
};

export const oncePerCascade: Invariant = {
  name: 'once-per-cascade',
  says: 'No version is published twice, and nothing is rebuilt from inputs it was already built from.',
  scope: 'project',
  check: async ({ sql, projectId, since }) =>
    findRepeats(await sql.rows<Attempt & Record<string, unknown>>(query, [projectId, since])),
};
