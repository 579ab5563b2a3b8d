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
