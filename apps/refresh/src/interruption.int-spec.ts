import 'reflect-metadata';
import { buryDeadRefreshes } from '@freshet/persistence';
import { useRefresh } from './testing/use-refresh';

describe('a refresh whose process was killed', () => {
  const refresh = useRefresh();
  let model: string;
  let models = 0;

  beforeAll(async () => void (await refresh.project.addTable('shop', 'orders')));

  /** As a kill leaves it: running, with a lease that is over. */
  const die = async (attempt: number): Promise<void> => {
    const { project } = refresh;
    await project.rows(
      `with model as (
         update app.data_model m set last_started_attempt = $2, retry_at = null, lease_until = now() - interval '1 s'
         where id = $1 returning *
       )
       insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, version, vector, lease_until, correlation_id)
       select organization_id, project_id, id, 'RUNNING', 'cascade', 'test', $2, jsonb_build_object('d', 1, 'f', 0), now() - interval '1 s', 'test'
       from model`,
      [model, attempt],
    );
    await project.rows(
      `update app.data_model m set lease_refresh_id = r.id from app.refresh r where r.model_id = m.id and m.id = $1 and r.status = 'RUNNING'`,
      [model],
    );
  };

  const bury = (): Promise<string[]> => buryDeadRefreshes(refresh.plane);

  beforeEach(async () => {
    const { project } = refresh;
    model = await project.addModel({ name: `fixed_${++models}`, sql: 'select 1 as n', auto_refresh: false });
    await project.next(model);
  });

  it('ends as interrupted, is counted with what it was built from, and is tried again after a while', async () => {
    const { project } = refresh;
    await die(2);
    await expect(bury()).resolves.toEqual([model]);
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'interrupted' },
    });
    await expect(project.model(model)).resolves.toMatchObject({
      interruptions: 1,
      failures: 0,
      failed_vector: { d: 1, f: 0 },
      lease_until: null,
      retry_at: expect.any(Date),
    });
    await expect(bury()).resolves.toEqual([]);
  });

  it('is given up after eight times on the same inputs, with a sentence that says what to look at', async () => {
    const { project } = refresh;
    for (let time = 1; time <= 8; time++) {
      await die(time + 1);
      await bury();
    }
    await expect(project.model(model)).resolves.toMatchObject({
      interruptions: 8,
      last_error: { code: 'interrupted', message: expect.stringContaining('8 times in a row') },
    });
  });

  it('is forgotten by any real end', async () => {
    const { project } = refresh;
    await die(2);
    await bury();
    await project.next(model);
    await project.rows('update app.data_model set retry_at = null where id = $1', [model]);
    await project.ask(model);
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED' });
    await expect(project.model(model)).resolves.toMatchObject({ interruptions: 0, failed_vector: null });
  });

  it('is buried by whoever wants to refresh the model next', async () => {
    const { project } = refresh;
    await die(2);
    await project.ask(model);
    await expect(project.next(model)).resolves.toMatchObject({ error: { code: 'interrupted' } });
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED' });
  });

  it('counts nothing for one that was only a dry run', async () => {
    const { project } = refresh;
    await die(2);
    await project.rows(`update app.refresh set kind = 'dry' where model_id = $1 and status = 'RUNNING'`, [
      model,
    ]);
    await bury();
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'interrupted', action: 'Ask for it again.' },
    });
    await expect(project.model(model)).resolves.toMatchObject({ interruptions: 0, retry_at: null });
  });
});
