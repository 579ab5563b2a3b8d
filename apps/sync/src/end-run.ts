/** Ends a run, or sets it aside: completed, perhaps held; parked until its quota is back; given way; cancelled; failed. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, FreshetError, toFreshetError, type Fault } from '@freshet/contracts';
import { buildGraph, planCascade } from '@freshet/domain';
import {
  announceSyncEnd,
  ControlPlane,
  endSyncRun,
  giveWay,
  loadCascadeState,
  loseConnection,
  parkSyncRun,
  writeCascade,
  type ClaimedRun,
  type EndedRun,
  type Sql,
  type SyncEnd,
} from '@freshet/persistence';
import { Clock, failpoint, LOG, type Log } from '@freshet/service-kit';
import { judgeVolumes } from './judge-volumes';
import { GaveWay } from './load-slices';
import type { RunLease } from './run-lease';
import { TakenOver } from './write-slice';

@Injectable()
export class EndRun {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  complete(run: ClaimedRun, incremental: readonly string[]): Promise<void> {
    return this.end(run, async (sql) => {
      const held = await judgeVolumes(sql, run, { now: this.clock.now(), incremental });
      return { status: 'completed', held };
    });
  }

  /** What kept the run from its end. @param gotOn whether this attempt committed anything @returns the outcome for the log */
  async stop(run: ClaimedRun, lease: RunLease, error: unknown, gotOn: boolean): Promise<string> {
    if (lease.state === 'lost' || error instanceof TakenOver) return 'taken over by another process';
    if (lease.state === 'leaving') return 'left for another process';
    if (lease.state === 'cancelled') return this.cancel(run);
    if (error instanceof GaveWay) return this.makeRoom(run);
    const failure = toFreshetError(error);
    const { until } = failure.details;
    if (failure.verdict === 'wait' && until) return this.park(run, failure, until, gotOn);
    return this.fail(run, failure);
  }

  private async cancel(run: ClaimedRun): Promise<string> {
    await this.end(run, () => Promise.resolve({ status: 'cancelled' }));
    return 'cancelled';
  }

  private async makeRoom(run: ClaimedRun): Promise<string> {
    const made = await this.plane.systemTransaction((sql) => giveWay(sql, run));
    return made ? 'made room for another run' : this.cancel(run);
  }

  /** Cancelled meanwhile, it is taken once more and then ended as cancelled. */
  private async park(run: ClaimedRun, failure: FreshetError, until: Date, gotOn: boolean): Promise<string> {
    const now = this.clock.now();
    const parked = await this.plane.systemTransaction(async (sql) => {
      const outcome = await parkSyncRun(sql, run, { until, now, gotOn }, defaults.sync.longestWait);
      await failpoint('sync.before-park');
      return outcome;
    });
    await failpoint('sync.after-park');
    if (parked === 'parked') {
      this.log.info({ run: run.id, until, reason: failure.message }, 'A sync run waits for quota');
      return 'parked';
    }
    if (parked === 'lost') return this.cancel(run);
    return this.fail(run, waitedTooLong(failure, parked.waitsSince, until));
  }

  private async fail(run: ClaimedRun, failure: FreshetError): Promise<string> {
    this.log.warn({ run: run.id, code: failure.code, err: failure }, 'A sync run failed');
    await this.end(run, () => Promise.resolve({ status: 'failed', error: faultOf(failure) }));
    const { connectionId } = run.source;
    if (connectionId && failure.code === 'source_unauthorized') {
      const reason = isRefusedKey(run, failure) ? failure.message : null;
      await this.plane.systemTransaction((sql) => loseConnection(sql, connectionId, reason));
    }
    return 'failed';
  }

  private async end(run: ClaimedRun, decide: (sql: Sql) => Promise<SyncEnd>): Promise<void> {
    await this.plane.systemTransaction(async (sql) => {
      const end = await decide(sql);
      const ended = await endSyncRun(sql, run.id, run.attempt, end);
      if (!ended) return;
      if (ended.changedStreams.length) await this.writeCascade(sql, run, ended);
      await announceSyncEnd(sql, run.id, ended, end);
      await failpoint('sync.before-end');
    });
    await failpoint('sync.after-end');
  }

  /** For the timeline and the history; what is refreshed follows from the revisions, whatever is written here. */
  private async writeCascade(sql: Sql, run: ClaimedRun, ended: EndedRun): Promise<void> {
    const why = `${run.source.name} was synced and changed.`;
    const state = await loadCascadeState(sql, [ended.projectId]);
    const graph = buildGraph(state.models.filter(({ deleted }) => !deleted));
    const models = planCascade(graph, ended.changedStreams).map(({ modelId }) => ({ id: modelId, why }));
    if (!models.length) return;
    const { organizationId, projectId, sourceId } = ended;
    await writeCascade(sql, { organizationId, projectId, sourceId, runId: run.id, why, models });
  }
}

/** A key that the vendor does not know is of no use to any source; one that lacks a right may be to others. */
const isRefusedKey = ({ source }: ClaimedRun, { details }: FreshetError): boolean =>
  source.connectionProvider === source.type && details.extra?.['status'] === 401;

const waitedTooLong = (failure: FreshetError, since: Date, until: Date): FreshetError =>
  new FreshetError(
    'source_quota',
    `The source has had no quota left since ${since.toISOString().slice(0, 10)}, and has none before ${until.toISOString().slice(0, 10)}.`,
    {
      action: 'Ask the vendor for more quota, or sync fewer tables; what was read so far stays.',
      cause: failure,
    },
  );

const faultOf = ({ code, message, details }: FreshetError): Fault => ({
  code,
  message,
  action: details.action ?? null,
});
