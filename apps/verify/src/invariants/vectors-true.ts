/** Each finished build's input vector names revisions and versions that existed, never goes back, and is what its model remembers. */
import { vectorsEqual, type InputVector } from '@freshet/domain';
import { capital, epoch, modelNamed, violated, type Finding, type Invariant } from '../invariant';

export interface FinishedBuild {
  id: string;
  vector: InputVector;
  /** Null when the result equalled the published version. */
  version: number | null;
  completedAt: number;
}

export interface BuiltModel {
  modelId: string;
  model: string;
  deleted: boolean;
  definitionRevision: number;
  builtVector: InputVector | null;
  /** Of the version readers see; null without one. */
  liveVector: InputVector | null;
  /** It publishes by itself: not pinned, not in shadow mode, no candidate waiting. */
  publishes: boolean;
  /** Somebody rolled it back, released or promoted it after its latest finished build. */
  movedByHand: boolean;
  /** Finished builds that count, in the order in which they finished. */
  builds: FinishedBuild[];
  /** Vectors of all its versions, those of one-off shadow builds among them, which may be promoted. */
  knownVectors: InputVector[];
}

/** What the vectors speak of. */
export interface Inputs {
  /** Stream id → revision now. */
  revisions: ReadonlyMap<string, number>;
  /** Model id → numbers of the versions it ever built, with the time each was there. */
  versions: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const models = /* sql */ `
select m.id as "modelId", m.name as model, m.deleted_at is not null as deleted, m.definition_revision as "definitionRevision",
  m.built_vector as "builtVector", v.vector as "liveVector",
  m.pinned_version is null and m.mode = 'live' and m.candidate_version is null as publishes,
  exists (select from app.audit_entry a
    where a.project_id = m.project_id and ((a.subject_kind = 'model' and a.subject_id = m.id) or a.action = 'publish-mode')
      and a.at >= (select max(r.completed_at) from app.refresh r where r.model_id = m.id and r.status = 'COMPLETED' and r.kind = 'live')
  ) as "movedByHand"
from app.data_model m
left join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.project_id = $1 order by m.id`;

const builds = /* sql */ `
select r.id, r.model_id as "modelId", r.kind, r.vector, r.version, ${epoch('r.completed_at')} as "completedAt"
from app.refresh r
where r.project_id = $1 and r.status = 'COMPLETED' and r.kind in ('live', 'shadow') and r.vector is not null
order by r.completed_at, r.id`;

const revisions = `select s.id, s.revision::float8 as revision from app.stream s where s.project_id = $1`;

export const findUntrue = (model: BuiltModel, inputs: Inputs): Finding[] => [
  ...model.builds.flatMap((build) => futureInputs(model, build, inputs)),
  ...stepsBack(model),
  ...wrongMemory(model),
];

const futureInputs = (model: BuiltModel, build: FinishedBuild, inputs: Inputs): Finding[] =>
  Object.entries(build.vector).flatMap(([key, number]) => {
    const wrong = faultOf(key, number, model, build, inputs);
    if (!wrong) return [];
    return [
      violated(
        `Refresh ${build.id} of ${modelNamed(model)} says it was built from ${wrong}. ` +
          'Its as-of can’t be trusted: refresh the model, and look at who wrote its vector.',
      ),
    ];
  });

const faultOf = (
  key: string,
  number: number,
  model: BuiltModel,
  build: FinishedBuild,
  { revisions: ofStream, versions: ofModel }: Inputs,
): string | null => {
  const id = key.slice(2);
  if (key === 'd')
    return number > model.definitionRevision
      ? `definition ${number}, and there is only definition ${model.definitionRevision}`
      : null;
  if (key.startsWith('t:')) {
    const revision = ofStream.get(id);
    if (revision === undefined) return `stream ${id}, which its project does not have`;
    return number > revision ? `revision ${number} of stream ${id}, which is only at ${revision}` : null;
  }
  if (key.startsWith('m:')) {
    const since = ofModel.get(id)?.get(number);
    if (since === undefined) return `version ${number} of model ${id}, which was never built`;
    return since > build.completedAt ? `version ${number} of model ${id}, which was built only later` : null;
  }
  return null;
};

/** Streams and definitions only go up; an upstream model may be rolled back. */
const stepsBack = (model: BuiltModel): Finding[] =>
  model.builds.flatMap((build, place) => {
    const before = model.builds[place - 1];
    if (!before) return [];
    return Object.entries(build.vector).flatMap(([key, number]) => {
      const was = before.vector[key];
      if (!(key === 'd' || key.startsWith('t:')) || was === undefined || number >= was) return [];
      return [
        violated(
          `Refresh ${build.id} of ${modelNamed(model)} went back in time: ${key} ${was} → ${number} after refresh ${before.id}. ` +
            'Look at the fence: which attempt published, and whether the database was restored.',
        ),
      ];
    });
  });

/** The model and its live version remember what the history tells. */
const wrongMemory = (model: BuiltModel): Finding[] => {
  const last = model.builds.at(-1);
  const findings: Finding[] = [];
  const known = (vector: InputVector): boolean =>
    model.knownVectors.some((each) => vectorsEqual(each, vector));
  const isExplained = model.movedByHand && model.builtVector !== null && known(model.builtVector);
  if (!isExplained && !vectorsEqual(model.builtVector, last?.vector ?? null)) {
    findings.push(
      violated(
        `${capital(modelNamed(model))} remembers another input vector than its latest finished refresh${last ? ` ${last.id}` : ''} has ` +
          `(${JSON.stringify(model.builtVector)} against ${JSON.stringify(last?.vector ?? null)}): an update may be lost. ` +
          'Refresh it by hand, and look at who wrote data_model.built_vector.',
      ),
    );
  }
  const { liveVector } = model;
  if (!liveVector || model.deleted) return findings;
  if (!known(liveVector)) {
    findings.push(
      violated(
        `The live version of ${modelNamed(model)} claims inputs (${JSON.stringify(liveVector)}) that no finished refresh of it has. ` +
          'The as-of of its charts can’t be trusted: refresh it.',
      ),
    );
  } else if (model.publishes && !vectorsEqual(liveVector, model.builtVector)) {
    findings.push(
      violated(
        `Readers of ${modelNamed(model)} see a version built from other inputs (${JSON.stringify(liveVector)}) than its latest ` +
          `finished build (${JSON.stringify(model.builtVector)}), and it is neither pinned, in shadow mode nor a candidate. Refresh it.`,
      ),
    );
  }
  return findings;
};

export const vectorsTrue: Invariant = {
  name: 'vectors-true',
  says: 'Input vectors name what existed, never go back, and are what model and version remember.',
  scope: 'project',
  check: async ({ sql, projectId }) => {
    const rows = await sql.rows<Omit<BuiltModel, 'builds' | 'knownVectors'> & Record<string, unknown>>(
      models,
      [projectId],
    );
    const finished = await sql.rows<
      FinishedBuild & { modelId: string; kind: string; [column: string]: unknown }
    >(builds, [projectId]);
    const streams = await sql.rows<{ id: string; revision: number }>(revisions, [projectId]);
    const ofModels = Object.groupBy(finished, ({ modelId }) => modelId);
    const inputs: Inputs = {
      revisions: new Map(streams.map(({ id, revision }) => [id, revision])),
      versions: new Map(
        Object.entries(ofModels).map(([id, of = []]) => [
          id,
          new Map(
            of.flatMap(({ version, completedAt }) =>
              version === null ? [] : [[version, completedAt] as const],
            ),
          ),
        ]),
      ),
    };
    const built = rows.map((row): BuiltModel => {
      const all = ofModels[row.modelId] ?? [];
      return {
        ...row,
        builds: all.filter(({ kind }) => kind === 'live'),
        knownVectors: all.map(({ vector }) => vector),
      };
    });
    return { checked: finished.length, findings: built.flatMap((model) => findUntrue(model, inputs)) };
  },
};
