import { project } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis });
const change = (body: object) => gateway.as(gateway.acme, 'updateProject', gateway.acme).send(body);

describe('a project', () => {
  it('is renamed, and publishes together when told to, which is written down', async () => {
    const { projectId } = gateway.acme;
    expect(project.parse((await change({ name: 'Marketing' })).body)).toMatchObject({
      name: 'Marketing',
      publishMode: 'each',
    });
    expect(project.parse((await change({ publishMode: 'together' })).body)).toMatchObject({
      name: 'Marketing',
      publishMode: 'together',
    });
    const { rows } = await gateway.postgres.pool.query(
      `select action, details from app.audit_entry where subject_kind = 'project' and subject_id = $1`,
      [projectId],
    );
    expect(rows).toEqual([{ action: 'publish-mode', details: { from: 'each', to: 'together' } }]);
  });

  it('is limited in what its statements may take, down to the logins they run under', async () => {
    const limits = {
      build: { statementTimeoutMs: 90_000, workMemMb: 8 },
      read: { statementTimeoutMs: 7_000 },
    };
    expect(project.parse((await change({ limits })).body).limits).toEqual(limits);
    const { rows } = await gateway.postgres.pool.query<{ role: string; settings: string[] }>(
      `select substring(rolname from '[^_]+$') as role, rolconfig as settings from pg_roles where rolname ~ $1 and rolcanlogin order by 1`,
      [`^f_${gateway.postgres.name.slice(-8)}_${gateway.acme.projectId}_(build|read)$`],
    );
    expect(rows).toEqual([
      { role: 'build', settings: expect.arrayContaining(['statement_timeout=90000ms', 'work_mem=8MB']) },
      { role: 'read', settings: expect.arrayContaining(['statement_timeout=7000ms']) },
    ]);
    expect((await change({ limits: { build: { workMemMb: 0 } } })).status).toBe(400);
  });

  it("of another organization is not there, and an editor's key may not change one", async () => {
    expect(
      (await gateway.as(gateway.globex, 'updateProject', gateway.acme).send({ name: 'Ours' })).status,
    ).toBe(404);
    const { organizationId, email } = gateway.acme;
    const roleIs = (role: string) =>
      gateway.postgres.pool.query('update app.membership set role = $2 where organization_id = $1', [
        organizationId,
        role,
      ]);
    await roleIs('editor');
    const cookie = await gateway.signIn(email);
    const answer = await gateway
      .call('updateProject', gateway.acme)
      .set('Cookie', cookie)
      .send({ name: 'Mine' });
    await roleIs('owner');
    expect(answer.status).toBe(403);
  });
});
