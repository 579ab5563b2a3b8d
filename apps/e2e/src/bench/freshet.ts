/** The running services as a benchmark uses them: through the REST API, and by the database's own record of what happened. */
import { randomBytes } from 'node:crypto';
import type { BodyOf } from '@freshet/contracts';
import { ApiClient } from '@freshet/sdk';
import { startFileServer, waitFor, type FileServer } from '@freshet/testing';

const patience = { timeout: 300_000 };

export class Freshet {
  constructor(
    readonly api: ApiClient,
    readonly projectId: string,
    /** Where the sources' files lie. */
    readonly files: FileServer,
    readonly url = '',
    readonly owner = { email: '', password: '' },
  ) {}

  /** Sets up a fresh installation as its first visitor does: an owner, a project, a key. */
  static async begin(url: string): Promise<Freshet> {
    const body = {
      organizationName: 'Bench',
      name: 'Bench',
      email: 'owner@bench.example',
      password: randomBytes(12).toString('base64url'),
    };
    const answer = await new ApiClient(url, null).send('setUp', { body });
    if (!answer.ok) throw new Error(`Setting up answered ${answer.status}: ${await answer.text()}`);
    const cookie = cookieOf(answer);
    const session = new ApiClient(url, { cookie });
    const project = await session.call('createProject', { body: { name: 'Bench' } });
    const { key: apiKey } = await session.call('createApiKey', { body: { name: 'bench' } });
    return new Freshet(new ApiClient(url, { apiKey }), project.id, await startFileServer(), url, body);
  }

  /** @returns the `Cookie` header of a session of the owner's */
  async signIn(): Promise<string> {
    const { email, password } = this.owner;
    const answer = await new ApiClient(this.url, null).send('signIn', { body: { email, password } });
    if (!answer.ok) throw new Error(`Signing in answered ${answer.status}: ${await answer.text()}`);
    return cookieOf(answer);
  }

  private get params(): { projectId: string } {
    return { projectId: this.projectId };
  }

  /** Serves the text as `/<slug>.csv`, adds it as a source with the key `id`, and waits for its first sync. */
  async addFile(slug: string, text: string): Promise<{ id: string }> {
    const url = this.files.serve(`/${slug}.csv`, text);
    const body = { type: 'file', name: slug, slug, config: { url, key: ['id'] } };
    const { id } = await this.api.call('createSource', { params: this.params, body });
    await waitFor(
      async () => {
        const source = await this.api.call('getSource', { params: { id } });
        if (source.status === 'failed') throw new Error(source.statusReason ?? 'The sync failed.');
        return source.lastSyncAt !== null;
      },
      { ...patience, what: `the source ${slug} to be synced` },
    );
    return { id };
  }

  /** Saves a model and waits for its first version. */
  async addModel(body: BodyOf<'createModel'>): Promise<{ id: string }> {
    const { id } = await this.api.call('createModel', { params: this.params, body });
    await waitFor(
      async () => {
        const { version, activeRefreshId } = await this.api.call('getModel', { params: { id } });
        return version !== null && activeRefreshId === null;
      },
      { ...patience, what: `the model ${body.name} to be built` },
    );
    return { id };
  }

  /** Syncs and waits until the cascade that it brings about is over. */
  async syncAndCascade(sourceId: string): Promise<{ runId: string; cascadeId: string }> {
    const { runId } = await this.api.call('startSync', { params: { id: sourceId }, body: {} });
    const cascadeId = await waitFor(
      async () => {
        const run = await this.api.call('getSyncRun', { params: { id: runId } });
        if (run.status === 'failed') throw new Error(run.error?.message ?? 'The sync failed.');
        return run.status === 'completed' && run.cascadeId;
      },
      { ...patience, interval: 50, what: `run ${runId} to complete with a cascade` },
    );
    await waitFor(
      async () => (await this.api.call('getCascade', { params: { id: cascadeId } })).completedAt !== null,
      { ...patience, interval: 50, what: `cascade ${cascadeId} to end` },
    );
    return { runId, cascadeId };
  }

  /** Refreshes all of these at once and waits until they are up to date. */
  async refresh(modelIds: readonly string[]): Promise<void> {
    await Promise.all(modelIds.map((id) => this.api.call('refreshModel', { params: { id }, body: {} })));
    await this.upToDate(modelIds);
  }

  /** Waits until nothing is owed to these and none of them is being refreshed. */
  async upToDate(modelIds: readonly string[]): Promise<void> {
    await waitFor(
      async () => {
        const models = await Promise.all(modelIds.map((id) => this.api.call('getModel', { params: { id } })));
        return models.every(({ owed, activeRefreshId }) => !owed && activeRefreshId === null);
      },
      { ...patience, interval: 50, what: 'the refreshes to complete' },
    );
  }

  async close(): Promise<void> {
    await this.files.close();
  }
}

const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
