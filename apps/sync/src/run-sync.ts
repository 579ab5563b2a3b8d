/** Carries out one sync run: claim it, load each stream, end it; what changed cascades. */
import { Inject, Injectable } from '@nestjs/common';
import { Bus, Handles, type Delivery, type JobHandler } from '@freshet/bus';
import { createContext, findConnector, type HttpClient } from '@freshet/connectors';
import { FreshetError, toFreshetError, type Fault, type JobData } from '@freshet/contracts';
import { buildGraph, planCascade } from '@freshet/domain';
import {
  announceSyncEnd,
  claimSyncRun,
  ControlPlane,
  emitEvents,
  endSyncRun,
  findOpenSyncRuns,
  loadCascadeState,
  writeCascade,
  type ClaimedRun,
  type EndedRun,
  type Sql,
  type SyncEnd,
} from '@freshet/persistence';
import { Clock, ENV, failpoint, LOG, logJob, SecretBox, type BaseEnv, type Log } from '@freshet/service-kit';
import { vacuumStreamTable, type StreamTableRef } from '@freshet/warehouse';
import { LoadStream } from './load-stream';
import { RunLease } from './run-lease';

export const HTTP_CLIENT = Symbol('http client');

@Injectable()
@Handles('sync.run')
export class RunSync implements JobHandler<'sync.run'> {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(LoadStream) private readonly loadStream: LoadStream,
    @Inject(HTTP_CLIENT) private readonly http: HttpClient,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(SecretBox) private readonly secrets: SecretBox,
  ) {}

  async handle({ runId }: JobData<'sync.run'>, { signal }: Delivery): Promise<string> {
    const run = await this.claim(runId);
    if (!run) return 'not to be run now';
    const { organizationId, correlationId, attempt } = run;
    const fields = { job: 'sync.run', run: runId, organization: organizationId, attempt, correlationId };
    const outcome = await logJob(this.log, fields, () => this.carryOut(run, signal));
    await this.wakeNext(run.sourceId);
    return outcome;
  }

  private claim(runId: string): Promise<ClaimedRun | null> {
    return this.plane.systemTransaction(async (sql) => {
      const run = await claimSyncRun(sql, runId, this.env.FRESHET_LEASE_MS / 1_000);
      if (run) {
        await emitEvents(sql, run.projectId, [
          { name: 'sync:started', payload: { sourceId: run.sourceId, runId } },
        ]);
      }
      return run;
    });
  }

  private async carryOut(run: ClaimedRun, shutdown: AbortSignal): Promise<string> {
    const lease = new RunLease(this.plane, run, this.env.FRESHET_LEASE_MS, shutdown);
    try {
      await failpoint('sync.after-claim');
      const written = await this.loadStreams(run, lease);
      await this.end(run, { status: 'completed' });
      await this.vacuum(written);
      return 'completed';
    } catch (error) {
      if (lease.state === 'lost') return 'taken over by another process';
      if (lease.state === 'leaving') return 'left for another process';
      if (lease.state === 'cancelled') {
        await this.end(run, { status: 'cancelled' });
        return 'cancelled';
      }
      const failure = toFreshetError(error);
      this.log.warn({ run: run.id, code: failure.code, err: failure }, 'A sync run failed');
      await this.end(run, { status: 'failed', error: faultOf(failure) });
      return 'failed';
    } finally {
      await lease.stop();
    }
  }

  /** @returns the tables of which a good part was written */
  private async loadStreams(run: ClaimedRun, lease: RunLease): Promise<StreamTableRef[]> {
    const connector = findConnector(run.source.type);
    if (!connector) {
      throw new FreshetError(
        'invalid_input',
        `There is no connector for sources of type ${run.source.type}.`,
      );
    }
    const config = connector.parseConfig(run.source.config);
    const credentials = connector.parseCredentials(this.credentialsOf(run));
    const context = createContext({
      http: this.http,
      signal: lease.signal,
      now: () => this.clock.now(),
      log: this.log,
    });
    const wanted = run.request.streams;
    const streams = run.streams.filter(({ name }) => !wanted || wanted.includes(name));
    const written: StreamTableRef[] = [];
    for (const [place, stream] of streams.entries()) {
      lease.begin(stream.name, place, streams.length);
      const table = await this.loadStream.load({
        run,
        stream,
        connector,
        config,
        credentials,
        context,
        lease,
      });
      if (table) written.push(table);
    }
    return written;
  }

  /** Sealed for this row of this organization; copied elsewhere they do not open. */
  private credentialsOf({ organizationId, sourceId, source }: ClaimedRun): unknown {
    if (!source.credentials) return null;
    return JSON.parse(
      this.secrets.open(source.credentials.toString(), `${organizationId}/data_source/${sourceId}`),
    );
  }

  private async end(run: ClaimedRun, end: SyncEnd): Promise<void> {
    await this.plane.systemTransaction(async (sql) => {
      const ended = await endSyncRun(sql, run.id, run.attempt, end);
      if (!ended) return;
      if (ended.changedStreams.length) await this.writeCascade(sql, run, ended);
      await announceSyncEnd(sql, run.id, ended, end.status);
      await failpoint('sync.before-end');
    });
    await failpoint('sync.after-end');
  }

  /** After the end, so that nobody waits for it; should it fail, autovacuum comes later. */
  private async vacuum(tables: StreamTableRef[]): Promise<void> {
    for (const table of tables) {
      await this.plane
        .systemSession((_, client) => vacuumStreamTable(client, table))
        .catch((error: Error) => this.log.warn({ err: error }, 'A table could not be vacuumed'));
    }
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

  /** Runs that waited for this one's end; should this be lost, the scheduler finds them. */
  private async wakeNext(sourceId: string): Promise<void> {
    const open = await findOpenSyncRuns(this.plane.system, { sourceId, atOnce: true });
    await Promise.all(open.map((run) => this.bus.enqueueSync(run)));
  }
}

const faultOf = ({ code, message, details }: FreshetError): Fault => ({
  code,
  message,
  action: details.action ?? null,
});
