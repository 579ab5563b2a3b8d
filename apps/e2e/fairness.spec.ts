/** Turns: an organization with a thousand waiting models takes none from the small ones, and what a person clicks goes next. */
import { defaults } from '@freshet/contracts';
import { ApiClient } from '@freshet/sdk';
import { waitFor } from '@freshet/testing';
import { createOrganization } from './src/harness/outsider';
import { useFreshet } from './src/harness/use-freshet';
import { whilePaused } from './src/harness/while-paused';

const crowd = 1_000;
const small = ['birch', 'cedar', 'elm', 'fir', 'oak'];

describe('one organization with 1,000 waiting models beside five with three each', () => {
  const freshet = useFreshet();
  const rows = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await freshet.postgres.pool.query(text, values)).rows as T[];

  /** A project of an organization of its own, made as its owner makes it. */
  const newProject = async (name: string): Promise<string> => {
    const body = await createOrganization(freshet.postgres, name);
    const answer = await new ApiClient(freshet.url, null).send('signIn', { body });
    const cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    return (await new ApiClient(freshet.url, { cookie }).call('createProject', { body: { name } })).id;
  };

  /** Models that read nothing: all of them are owed their first build at once. */
  const addModels = (projectId: string, count: number): Promise<unknown> =>
    rows(
      `insert into app.data_model (organization_id, project_id, name, sql)
       select p.organization_id, p.id, 'm' || n, 'select ' || n || ' as n' from app.project p, generate_series(1, $2) n where p.id = $1`,
      [projectId, count],
    );

  const started = (): Promise<{ model: string; organization: string; place: number }[]> =>
    rows(
      `select model_id as model, p.slug as organization, (row_number() over (order by started_at, r.id))::int as place
       from app.refresh r join app.project p on p.id = r.project_id where started_at is not null`,
    );

  beforeAll(async () => {
    const projects = await Promise.all(small.map(newProject));
    await whilePaused(freshet.services.refresh, async () => {
      await addModels(freshet.projectId, crowd);
      for (const projectId of projects) await addModels(projectId, 3);
    });
  }, 60_000);

  it('refreshes all fifteen models of the small ones within the first 30 refreshes', async () => {
    const served = async () => (await started()).filter(({ organization }) => small.includes(organization));
    await waitFor(async () => (await served()).length === 15, { timeout: 60_000, what: 'the small ones' });
    const places = (await served()).map(({ place }) => place);
    expect(Math.max(...places)).toBeLessThanOrEqual(30);
  });

  it('runs next what a person asks for, though hundreds wait before it', async () => {
    const [last] = await rows<{ id: string; waiting: number }>(
      `select max(m.id) as id, count(*)::int as waiting from app.data_model m
       where m.project_id = $1 and not exists (select from app.refresh r where r.model_id = m.id)`,
      [freshet.projectId],
    );
    expect(last?.waiting).toBeGreaterThan(100);
    await expectNext(last?.id ?? '');
  });

  it('promotes a cascade job that waits in the queue already', async () => {
    const queued = await waitFor(
      async () =>
        (
          await rows<{ model: string }>(
            `select model_id as model from app.refresh where status = 'QUEUED' and project_id = $1 order by id desc limit 1`,
            [freshet.projectId],
          )
        )[0],
      { what: 'a job that waits' },
    );
    await expectNext(queued.model);
  });

  /** Nothing but what was taken by a worker already, one for each slot, begins before it. */
  const expectNext = async (id: string): Promise<void> => {
    const before = (await started()).length;
    await freshet.api.call('refreshModel', { params: { id }, body: {} });
    const found = await waitFor(async () => (await started()).find(({ model }) => model === id), {
      timeout: 30_000,
      what: `model ${id} to be refreshed`,
    });
    expect(found.place - before).toBeLessThanOrEqual(2 * defaults.refresh.slots);
  };
});
