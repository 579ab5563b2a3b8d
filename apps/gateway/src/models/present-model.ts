/** Models as the API shows them: what was stored, and what follows from the state of the whole project. */
import { defaults, type AsOf, type Freshness, type Model, type ModelStatus } from '@freshet/contracts';
import {
  currentVector, explainDifference, explainSkip, freshnessOf, inputKey, inputNames, planDispatch, vectorDifference, worstFreshness,
  type CascadeState, type DispatchPlan, type InputNames, type ModelInput, type ModelState,
} from '@freshet/domain'; // prettier-ignore
import type { ModelRow, SourceRow } from '@freshet/persistence';
import { objectiveOf } from '../sources/present-source';

const planOptions = (maxWait: number) => ({ maxWait, attempts: defaults.refresh.attempts, head: Infinity });

/** What a plan would refresh, or lets wait. One-off asks are no debt: their models stay as they are. */
function owedIn({ ready, waiting }: DispatchPlan): Set<string> {
  const live = ready.filter(({ kind }) => kind === 'live');
  return new Set([...live, ...waiting.filter(({ owed }) => owed)].map(({ modelId }) => modelId));
}

/** Ids of the models that are owed in a state, found at once for all of them. */
export const owedModels = (state: CascadeState, now: Date): Set<string> =>
  // Who is owed does not depend on how long anybody may wait.
  owedIn(planDispatch(state, now.getTime(), planOptions(defaults.refresh.maxWait)));

/** The state of a project at one moment, from which each of its models is described. */
export class ModelPresenter {
  private readonly waiting: ReadonlyMap<string, string>;
  private readonly owed: ReadonlySet<string>;
  private readonly models: ReadonlyMap<string, ModelState>;
  private readonly readers = new Map<string, { id: string; name: string }[]>();
  private readonly names: InputNames;

  constructor(
    private readonly state: CascadeState,
    private readonly sources: readonly SourceRow[],
    private readonly now: Date,
    /** Milliseconds a model may be held back. */
    maxWait: number,
  ) {
    const plan = planDispatch(state, now.getTime(), planOptions(maxWait));
    this.waiting = new Map(plan.waiting.map(({ modelId, sentence }) => [modelId, sentence]));
    this.owed = owedIn(plan);
    this.models = new Map(state.models.map((model) => [model.id, model]));
    this.names = inputNames(state);
    for (const { id, name, deleted, inputs } of state.models) {
      if (deleted) continue;
      for (const input of inputs)
        if (input.kind === 'm')
          this.readers.set(input.id, [...(this.readers.get(input.id) ?? []), { id, name }]);
    }
  }

  present(row: ModelRow, asOf: AsOf[]): Model {
    const model = this.models.get(row.id);
    const { version, pinnedVersion, activeRefresh, builtVector: _, lastError, ...stored } = row;
    const owed = this.owed.has(row.id);
    return {
      ...stored,
      status: modelStatus(row),
      owed,
      why: model ? `${holdSentence(row)}${this.why(model, owed)}` : '',
      version: version || null,
      pinned: pinnedVersion !== null,
      freshness: this.freshness(version, asOf),
      asOf,
      inputs: model ? this.inputs(model) : [],
      upstream: model ? this.upstream(model.inputs) : { tables: [], models: [] },
      downstream: this.readers.get(row.id) ?? [],
      error: lastError,
      activeRefreshId: activeRefresh?.id ?? null,
    };
  }

  private why(model: ModelState, owed: boolean): string {
    const waits = this.waiting.get(model.id);
    if (waits) return waits;
    if (!owed) return explainSkip({ code: 'up_to_date' }, this.now.getTime());
    const difference = vectorDifference(model.builtVector, currentVector(model, this.state));
    return `Refreshing because: ${explainDifference(difference, this.names)}.`;
  }

  private inputs(model: ModelState): Model['inputs'] {
    const current = currentVector(model, this.state);
    return model.inputs.map((input) => {
      const key = inputKey(input);
      return {
        kind: input.kind === 't' ? 'table' : 'model',
        id: input.id,
        name: this.names[key] ?? 'a deleted input',
        built: model.builtVector?.[key] ?? null,
        current: current[key] ?? null,
      };
    });
  }

  private upstream(inputs: readonly ModelInput[]): Model['upstream'] {
    return {
      tables: this.state.streams
        .filter(({ id }) => inputs.some((input) => input.kind === 't' && input.id === id))
        .map(({ id, name, sourceId }) => ({ streamId: id, sourceId, name })),
      models: this.state.models
        .filter(({ id }) => inputs.some((input) => input.kind === 'm' && input.id === id))
        .map(({ id, name }) => ({ id, name })),
    };
  }

  /** As fresh as the oldest of the runs it contains; a model of no source ages as little as its SQL. */
  private freshness(version: number, asOf: readonly AsOf[]): Freshness {
    if (version === 0) return 'never';
    const parts = asOf.map(({ sourceId, completedAt }) => {
      const source = this.sources.find(({ id }) => id === sourceId);
      if (!source) return 'stale';
      return freshnessOf(
        completedAt === null ? null : Date.parse(completedAt),
        objectiveOf(source, this.now),
        this.now.getTime(),
      );
    });
    return worstFreshness(parts) ?? 'fresh';
  }
}

function holdSentence({ pinnedVersion, mode, version }: ModelRow): string {
  if (pinnedVersion !== null)
    return `It is pinned at version ${pinnedVersion} by a rollback; release it to publish its latest build. `;
  if (mode === 'shadow')
    return version > 0
      ? `It is in shadow mode: its builds are compared with version ${version} and not published. `
      : 'It is in shadow mode: its builds are kept from readers until one is promoted. ';
  return '';
}

function modelStatus({ activeRefresh, lastError, version }: ModelRow): ModelStatus {
  if (activeRefresh) return activeRefresh.status === 'RUNNING' ? 'REFRESHING' : 'QUEUED';
  if (lastError) return 'FAILED';
  return version > 0 ? 'COMPLETED' : 'IDLE';
}
