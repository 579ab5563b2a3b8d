import { model, versionDiff } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { viewSchema } from '@freshet/warehouse';
import { useGateway } from '../testing/gateway-under-test';
import { addPublishedModel, addSyncedSource, publishVersion } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let streamId: string;
beforeAll(async () => {
  ({ streamId } = await addSyncedSource(gateway, gateway.acme, 'ga'));
});

const publishedModel = (latest: number) => addPublishedModel(gateway, gateway.acme, { streamId, latest });
const get = async (id: string) => model.parse((await gateway.as(gateway.acme, 'getModel', { id })).body);
const rollback = (id: string, version: number) =>
  gateway.as(gateway.acme, 'rollbackModel', { id }).send({ version });

describe('the view of a model for outside tools', () => {
  const shown = async (name: string) =>
    (await gateway.postgres.pool.query(`select n from ${viewSchema(gateway.acme.projectId)}.${name}`)).rows;

  it('follows the published version, the name, and whether it is wanted', async () => {
    const id = await publishedModel(2);
    const { name } = await get(id);
    const change = (body: object) => gateway.as(gateway.acme, 'updateModel', { id }).send(body);
    await change({ stableView: true });
    expect(await shown(name)).toEqual([{ n: 2 }]);
    await rollback(id, 1);
    expect(await shown(name)).toEqual([{ n: 1 }]);
    await change({ name: `${name}_renamed` });
    expect(await shown(`${name}_renamed`)).toEqual([{ n: 1 }]);
    await expect(shown(name)).rejects.toThrow('does not exist');
    await gateway.as(gateway.acme, 'deleteModel', { id });
    await expect(shown(`${name}_renamed`)).rejects.toThrow('does not exist');
  });
});

describe('two versions', () => {
  it('differ by rows and columns, whichever is shown', async () => {
    const id = await publishedModel(1);
    const vector = { [`t:${streamId}`]: 1 };
    await publishVersion(gateway, id, 2, `select n, 'x' as label from generate_series(1, 3) n`, vector);
    const diff = (from: string, to: string) =>
      gateway.as(gateway.acme, 'diffModelVersions', { id, from, to });
    const forwards = versionDiff.parse((await diff('1', '2')).body);
    expect(forwards).toMatchObject({ from: 1, to: 2, rowsBefore: 1, rowsAfter: 3 });
    expect(forwards.columns.map(({ name, change }) => [name, change])).toEqual([['n', 'same'], ['label', 'added']]); // prettier-ignore
    expect(versionDiff.parse((await diff('2', '1')).body)).toMatchObject({ rowsBefore: 3, rowsAfter: 1 });
    expect((await diff('1', '7')).body).toMatchObject({
      status: 404,
      detail: expect.stringContaining('Kept are: 2, 1'),
    });
    expect((await diff('1', 'x')).status).toBe(404);
  });
});
