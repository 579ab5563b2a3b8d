/** The production protocol with one rule taken out each time; the simulation must notice every one of them. */
import { currentVector } from '../input-vector';
import type { CascadeState, ModelState } from '../cascade-state';
import { production, vectorNow, type Protocol } from './protocol';

const mutant =
  (change: Partial<Protocol>): (() => Protocol) =>
  () => ({ ...production(), ...change });
const { decidePublish, planDispatch, shouldRun } = production();

/** A late worker may publish over a later build. */
export const fenceWithoutAttempts = mutant({
  decidePublish: (row, build) =>
    decidePublish(row && { ...row, lastFinishedAttempt: 0 }, {
      ...build,
      lastStartedAttemptInSnapshot: build.attempt,
    }),
});

/** Attempts are compared, but a build doesn't check in its snapshot that it is still the latest attempt. */
export const fenceWithoutSnapshotCheck = mutant({
  decidePublish: (row, build) =>
    decidePublish(row, { ...build, lastStartedAttemptInSnapshot: build.attempt }),
});

export const fenceWithoutDefinition = mutant({
  decidePublish: (row, build) =>
    decidePublish(row && { ...row, definitionRevision: build.vector['d'] ?? 0 }, build),
});

export const fenceWithoutHold = mutant({
  decidePublish: (row, build) => decidePublish(row && { ...row, inputHeld: false }, build),
});

export const fenceWithoutPin = mutant({
  decidePublish: (row, build) => decidePublish(row && { ...row, pinnedVersion: null }, build),
});

/** Each build publishes a new version, equal or not. */
export const withoutEarlyCutOff = mutant({
  decidePublish: (row, build) => decidePublish(row, { ...build, equalsVersion: null }),
});

/** The vector is read when publishing instead of in the build's snapshot. */
export const vectorReadWhenPublishing = mutant({ vectorToStore: (world, model) => vectorNow(world, model) });

/** A job is carried out without looking whether its model is still owed. */
export const workerThatDoesNotLook = mutant({
  shouldRun: (state, modelId) => {
    const model = state.models.find(({ id }) => id === modelId) as ModelState;
    return { run: true, vector: currentVector(model, state), priorityClass: 3, why: '' };
  },
});

/** Only an owed model directly above delays, not one further up; worker and dispatcher agree in this. */
export const dispatcherThatLooksOneStepUp = mutant({
  planDispatch: (state, now, options) => {
    const plan = planDispatch(state, now, options);
    const ready = state.models.flatMap((model) => {
      const near = planDispatch(asSeenFrom(model, state), now, options);
      return near.ready.filter(({ modelId }) => modelId === model.id);
    });
    return { ...plan, ready };
  },
  shouldRun: (state, modelId, now, options) => {
    const model = state.models.find(({ id }) => id === modelId) as ModelState;
    return shouldRun(asSeenFrom(model, state), modelId, now, options);
  },
});

const asSeenFrom = (model: ModelState, state: CascadeState): CascadeState => ({
  ...state,
  models: state.models.map((each) => {
    const isNear = each === model || model.inputs.some(({ kind, id }) => kind === 'm' && id === each.id);
    return isNear ? each : { ...each, builtVector: currentVector(each, state) };
  }),
});

/** The clock of max wait starts only when a model is itself owed, not when it is below one that is. */
export const maxWaitOnlyForTheOwed = mutant({
  planDispatch: (state, now, options) => {
    const plan = planDispatch(state, now, options);
    const owed = new Set(
      [...plan.ready, ...plan.waiting.filter((model) => model.owed)].map(({ modelId }) => modelId),
    );
    return {
      ...plan,
      owedSince: plan.owedSince.filter(({ modelId, value }) => value === null || owed.has(modelId)),
    };
  },
});
