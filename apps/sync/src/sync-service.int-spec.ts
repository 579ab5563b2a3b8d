import { createLog, createService } from '@freshet/service-kit';
import { startFileServer, waitFor, type FileServer } from '@freshet/testing';
import { syncService } from './sync.service';
import { useSync } from './testing/use-sync';

describe('the sync service', () => {
  let files: FileServer;
  let close: () => Promise<void>;
  // Before the databases go: what is defined first ends first.
  afterAll(async () => {
    await close();
    await files.close();
  });
  const sync = useSync();
  beforeAll(async () => {
    files = await startFileServer();
    const log = createLog('sync', 'silent');
    const env = { ...sync.env, FRESHET_ALLOW_HOSTS: ['127.0.0.1'] };
    const app = await createService(syncService, env, { log });
    await app.init();
    close = () => app.close();
  });

  it('takes runs from the queue and loads a file as it is read, into one table wherever the file lies', async () => {
    const line = (at: number): string => `${at},name ${at}`;
    const lines = Array.from({ length: 5_000 }, (_, at) => line(at));
    files.serve('/people.csv', ['id,name', ...lines].join('\n'));
    const { id: sourceId } = await sync.row<{ id: string }>(
      `insert into app.data_source (organization_id, project_id, type, name, slug, config)
       values ($1, $2, 'file', 'People', 'people', $3) returning id`,
      [sync.ids.organizationId, sync.ids.projectId, { url: `${files.url}/people.csv`, key: ['id'] }],
    );
    const runId = await sync.request(sourceId);
    const { organizationId } = sync.ids;
    const carryOut = async (run: string): Promise<void> => {
      await sync.bus.enqueueSync({ runId: run, sourceId, organizationId, correlationId: 'test' });
      await waitFor(async () => (await sync.runRow(run)).status === 'completed');
    };
    await carryOut(runId);
    expect(await sync.runStream(runId)).toMatchObject({ received: 5_000, inserted: 5_000, slices: 1 });
    const again = await sync.request(sourceId);
    await carryOut(again);
    expect(await sync.runStream(again)).toMatchObject({ received: 5_000, unchanged: 5_000 });

    files.serve('/people-of-may.csv', ['id,name', ...lines, line(5_000)].join('\n'));
    await sync.row(
      `update app.data_source set config = config || jsonb_build_object('url', $2::text) where id = $1`,
      [sourceId, `${files.url}/people-of-may.csv`],
    );
    const moved = await sync.request(sourceId);
    await carryOut(moved);
    expect(await sync.runStream(moved)).toMatchObject({ inserted: 1, unchanged: 5_000 });
    expect(await sync.rows(sourceId, 'people', 'count(*)')).toEqual(['5001']);
  });
});
