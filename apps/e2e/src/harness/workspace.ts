/** What an analyst does in a project, as short sentences for specs. */
import type { BodyOf, Cascade, Model, QueryResult, Source, SyncRun } from '@freshet/contracts';
import { waitFor } from '@freshet/testing';
import type { RunningFreshet } from './use-freshet';

const ended = ['completed', 'failed', 'cancelled', 'skipped'];

export class Workspace {
  constructor(private readonly freshet: RunningFreshet) {}

  private get api() {
    return this.freshet.api;
  }

  private get params() {
    return { projectId: this.freshet.projectId };
  }

  /** Adds a file source and waits for its first sync. */
  async addFile(slug: string, url: string, config: Record<string, unknown> = {}): Promise<Source> {
    const body = { type: 'file', name: slug, slug, config: { url, ...config } };
    const source = await this.api.call('createSource', { params: this.params, body });
    await this.untilSynced(source.id);
    return source;
  }

  /** Syncs now and waits for the run's end. */
  async sync(sourceId: string): Promise<SyncRun> {
    const { runId } = await this.api.call('startSync', { params: { id: sourceId }, body: {} });
    return this.endOf(runId);
  }

  endOf(runId: string, timeout = 60_000): Promise<SyncRun> {
    return waitFor(
      async () => {
        const run = await this.api.call('getSyncRun', { params: { id: runId } });
        return ended.includes(run.status) && run;
      },
      { timeout, what: `sync run ${runId} to end` },
    );
  }

  untilSynced(sourceId: string): Promise<Source> {
    return waitFor(
      async () => {
        const source = await this.api.call('getSource', { params: { id: sourceId } });
        if (source.status === 'failed') throw new Error(source.statusReason ?? 'The sync failed.');
        return source.lastSyncAt !== null && source;
      },
      { timeout: 60_000, what: 'the source to be synced' },
    );
  }

  /** Saves a model and waits for its first version. */
  async addModel(body: BodyOf<'createModel'>): Promise<Model> {
    const { id } = await this.api.call('createModel', { params: this.params, body });
    return this.untilQuiet(id);
  }

  model(id: string): Promise<Model> {
    return this.api.call('getModel', { params: { id } });
  }

  /** Waits until a model is built from everything there is. */
  untilQuiet(id: string, timeout = 60_000): Promise<Model> {
    return waitFor(
      async () => {
        const model = await this.model(id);
        return model.version !== null && !model.owed && model.activeRefreshId === null && model;
      },
      { timeout, what: `model ${id} to be up to date` },
    );
  }

  /** Waits until the cascade of a run is over: nothing in it waits or runs. */
  async cascadeOf(run: SyncRun): Promise<Cascade> {
    const id = run.cascadeId;
    if (id === null) throw new Error(`Run ${run.id} brought about no cascade.`);
    return waitFor(
      async () => {
        const cascade = await this.api.call('getCascade', { params: { id } });
        return cascade.completedAt !== null && cascade;
      },
      { timeout: 60_000, what: `cascade ${id} to end` },
    );
  }

  query(sql: string): Promise<QueryResult> {
    return this.api.call('runQuery', { params: this.params, body: { sql } });
  }

  async rows(sql: string): Promise<unknown[][]> {
    return (await this.query(sql)).rows;
  }
}
