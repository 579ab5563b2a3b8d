/** The production protocol with one rule taken out each time; the simulation must notice every one of them. */
import type { CascadeState, ModelState } from '../cascade-state';
import { currentVector, vectorsEqual } from '../input-vector';
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
  decidePublish: (row, build) => decidePublish(row && { ...row, pinnedVersion: null, mode: 'live' }, build),
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
    return { run: true, kind: 'live', vector: currentVector(model, state), priorityClass: 3, why: '' };
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

/** A candidate is published as soon as it is built, whatever the others of its set do. */
export const membersPublishedAlone = mutant({
  planDispatch: (state, now, options) => {
    const plan = planDispatch(state, now, options);
    const alone = state.models.flatMap(({ id, candidateVersion, builtVector }) =>
      candidateVersion === null || plan.dropped.some(({ modelId }) => modelId === id)
        ? []
        : [{ members: [{ modelId: id, version: candidateVersion, vector: builtVector ?? {} }] }],
    );
    return { ...plan, publishSets: alone };
  },
});

/** Sets are published without another look at their members. */
export const setsWithoutFence = mutant({ decidePublishSet: () => ({ publish: true }) });

/** Builds read what readers see, although those above have candidates. */
export const buildsFromPublished = mutant({ headOf: ({ publishedVersion }) => publishedVersion });

/** A candidate is built anew whenever one of its tables changes, though its set is not yet complete. */
export const withoutFreeze = mutant({
  planDispatch: (state, now, options) => thawed(state, (changed) => planDispatch(changed, now, options)),
  shouldRun: (state, modelId, now, options) =>
    thawed(state, (changed) => shouldRun(changed, modelId, now, options)),
});

/** As if each owed model's SQL had been changed: it is due whatever its set waits for. */
const thawed = <T>(state: CascadeState, decide: (changed: CascadeState) => T): T =>
  decide({
    ...state,
    models: state.models.map((model) => {
      const isOwed = !vectorsEqual(model.builtVector, currentVector(model, state));
      if (!isOwed || !model.builtVector) return model;
      return { ...model, builtVector: { ...model.builtVector, d: 0 } };
    }),
  });

/** What waits for its set goes on waiting when a member has failed for good. */
export const frozenWhileBlocked = mutant({
  planDispatch: (state, now, options) => {
    const plan = planDispatch(state, now, options);
    const isBlocked = plan.waiting.some(({ reason }) => reason === 'given_up');
    const hasCandidate = (id: string): boolean =>
      state.models.some((model) => model.id === id && model.candidateVersion !== null);
    return {
      ...plan,
      ready: plan.ready.filter(({ modelId }) => !isBlocked || !hasCandidate(modelId)),
    };
  },
});

/** A one-off shadow build counts as the model's latest build. */
export const asksThatStoreVectors = mutant({ asksStoreVectors: true });

/** An attempt that ended with its process was none. */
export const uncountedInterruptions = mutant({
  afterInterruption: (model) => ({ ...model, givenUp: false }),
});

/** A candidate whose model was stopped goes on standing in for it. */
export const candidatesThatStay = mutant({
  planDispatch: (state, now, options) => ({ ...planDispatch(state, now, options), dropped: [] }),
});

/** A shadow mode whose time is over leaves its last build where it is. */
export const shadowsThatStayHidden = mutant({
  planDispatch: (state, now, options) => ({ ...planDispatch(state, now, options), shadowsOver: [] }),
});

/** A set is complete only when none of its project is owed any more, what came out equal meanwhile included. */
export const unchangedOnesDelayTheirSet = mutant({
  planDispatch: (state, now, options) => {
    const plan = planDispatch(state, now, options);
    const isOwed = (id: string): boolean =>
      state.models.some(
        (model) =>
          model.id === id &&
          model.candidateVersion === null &&
          !vectorsEqual(model.builtVector, currentVector(model, state)),
      );
    const isDelayed = state.models.some(({ id }) => isOwed(id));
    return { ...plan, publishSets: isDelayed ? [] : plan.publishSets };
  },
});
