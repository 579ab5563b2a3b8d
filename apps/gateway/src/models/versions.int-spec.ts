import { model, modelVersion, page } from '@freshet/contracts';
import { ControlPlane, forgetVersion, lockFenceRow, storeBuild } from '@freshet/persistence';
import { decidePublish } from '@freshet/domain';
import { Signal, usePostgres, useRedis, waitFor } from '@freshet/testing';
import { qualifiedVersion } from '@freshet/warehouse';
import { useGateway } from '../testing/gateway-under-test';
import { addPublishedModel, addShadow, addSyncedSource, publishVersion } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let streamId: string;
beforeAll(async () => {
  ({ streamId } = await addSyncedSource(gateway, gateway.acme, 'ga'));
});

const rowsOf = async (id: string) =>
  (await gateway.as(gateway.acme, 'getModelRows', { id })).body.items as unknown[];
const get = async (id: string) => model.parse((await gateway.as(gateway.acme, 'getModel', { id })).body);
const rollback = (id: string, version: number) =>
  gateway.as(gateway.acme, 'rollbackModel', { id }).send({ version });
const release = (id: string) => gateway.as(gateway.acme, 'releaseModel', { id });
const promote = (id: string, version: number) =>
  gateway.as(gateway.acme, 'promoteModel', { id }).send({ version });
const auditOf = async (id: string) =>
  (
    await gateway.postgres.pool.query(
      `select action, principal, details from app.audit_entry where subject_kind = 'model' and subject_id = $1 order by id`,
      [id],
    )
  ).rows;

const waitingForLocks = async (): Promise<number> =>
  (await gateway.postgres.pool.query(`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows[0].n; // prettier-ignore

const publishedModel = (latest: number) => addPublishedModel(gateway, gateway.acme, { streamId, latest });

describe('a rollback', () => {
  it('shows the earlier version at once, pins it, and is written down', async () => {
    const id = await publishedModel(3);
    const answer = model.parse((await rollback(id, 2)).body);
    expect(answer).toMatchObject({
      version: 2,
      pinned: true,
      why: expect.stringContaining('pinned at version 2'),
    });
    expect(await rowsOf(id)).toEqual([[2]]);
    expect(await auditOf(id)).toEqual([
      { action: 'rollback', principal: 'API key test', details: { model: answer.name, from: 3, to: 2 } },
    ]);
    const versions = page(modelVersion).parse(
      (await gateway.as(gateway.acme, 'listModelVersions', { id })).body,
    );
    expect(versions.items.map(({ version, state }) => [version, state])).toEqual([[3, 'retired'], [2, 'live'], [1, 'retired']]); // prettier-ignore
  });

  it('tells the room which version is shown now', async () => {
    const id = await publishedModel(2);
    await rollback(id, 1);
    const events = await gateway
      .as(gateway.acme, 'missedEvents', gateway.acme)
      .query({ after: 0, limit: 200 });
    const own = events.body.items.filter(
      ({ payload }: { payload: { modelId?: string; id?: string } }) => (payload.modelId ?? payload.id) === id,
    );
    expect(own.slice(-2)).toMatchObject([
      { name: 'model:published', payload: { modelId: id, version: 1 } },
      { name: 'resource:changed', payload: { kind: 'model', deleted: false } },
    ]);
  });

  it('asked for twice happens once', async () => {
    const id = await publishedModel(2);
    const [first, second] = [await rollback(id, 1), await rollback(id, 1)];
    expect([second.status, second.body.version]).toEqual([200, first.body.version]);
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('to a version that is not kept is refused with a list of those that are', async () => {
    const id = await publishedModel(3);
    const { projectId } = gateway.acme;
    await gateway.postgres.pool.query(
      `drop table ${qualifiedVersion({ projectId, modelId: id, version: 1 })}`,
    );
    for (const version of [1, 99]) {
      const { body } = await rollback(id, version);
      expect(body).toMatchObject({
        status: 404,
        detail: `Version ${version} of the model is not kept. Kept are: 3, 2.`,
      });
    }
    await forgetVersion(gateway.app.get(ControlPlane).system, id, 2);
    expect((await rollback(id, 2)).body.detail).toContain('Kept are: 3.');
    expect(await get(id)).toMatchObject({ version: 3, pinned: false });
  });

  it('makes those below owed, since they read another version now', async () => {
    const above = await publishedModel(2);
    const { name } = await get(above);
    const below = (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name: `below_${name}`, sql: `select n from ${name}` })).body.id; // prettier-ignore
    await publishVersion(gateway, below, 1, 'select 2 as n', { [`m:${above}`]: 2 });
    expect((await get(below)).owed).toBe(false);
    await rollback(above, 1);
    expect(await get(below)).toMatchObject({
      owed: true,
      why: expect.stringContaining(`${name} went 2 → 1`),
    });
  });

  it('keeps a candidate as a build that readers do not see', async () => {
    const id = await publishedModel(2);
    await addShadow(gateway, id, 3, 'select 3 as n', { [`t:${streamId}`]: 1 }, 'candidate');
    expect((await rollback(id, 3)).body).toMatchObject({ status: 409 });
    expect(model.parse((await rollback(id, 1)).body)).toMatchObject({ version: 1, candidateVersion: null });
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 3, pinned: false });
  });

  it('of a million rows takes less than a second', async () => {
    const id = await publishedModel(1);
    await publishVersion(gateway, id, 2, 'select n from generate_series(1, 1000000) n', {
      [`t:${streamId}`]: 1,
    });
    const began = performance.now();
    const answers = [await rollback(id, 1), await rollback(id, 2)];
    expect((performance.now() - began) / answers.length).toBeLessThan(1_000);
    expect(answers.map(({ body }) => body.rowCount)).toEqual([1, 1_000_000]);
  }, 30_000);
});

describe('a rollback while a refresh is being published', () => {
  /** What the refresh service does at the end of a build: decides under the model's lock, and stores what it decided. */
  const publish = (id: string, whenLocked: () => Promise<void>): Promise<string> =>
    gateway.app.get(ControlPlane).systemTransaction(async (sql) => {
      const vector = { d: 1, f: 0, [`t:${streamId}`]: 1 };
      const fence = await lockFenceRow(sql, id, '0');
      const decision = decidePublish(fence, {
        attempt: 3,
        lastStartedAttemptInSnapshot: 3,
        vector,
        equalsVersion: null,
      });
      await whenLocked();
      if (decision.outcome !== 'publish' && decision.outcome !== 'shadow') throw new Error(decision.outcome);
      const { organizationId, projectId } = gateway.acme;
      await sql.rows(
        `create table ${qualifiedVersion({ projectId, modelId: id, version: 3 })} as select 3 as n`,
      );
      await storeBuild(sql, {
        modelId: id, organizationId, projectId, refreshId: '0', outcome: decision.outcome, keeps: null, attempt: 3, vector,
        definitionRevision: 1, columns: [], indexes: [], rowCount: 1, bytes: 1, contentHash: 'new', rowsBefore: 1, rowsAdded: 1,
        rowsRemoved: 1, rowsChanged: 0, durationMs: 1, sql: '', guards: [], comparison: null,
      }, { candidateVersion: null }); // prettier-ignore
      return decision.outcome;
    });

  it('waits for the publication, and undoes it', async () => {
    const id = await publishedModel(2);
    const locked = new Signal();
    const proceed = new Signal();
    const publishing = publish(id, async () => {
      locked.fire();
      await proceed.next();
    });
    await locked.next();
    const rolledBack = rollback(id, 1).then((answer) => answer);
    await waitFor(async () => (await waitingForLocks()) > 0, {
      timeout: 5_000,
      what: 'the rollback to wait',
    });
    proceed.fire();
    expect(await publishing).toBe('publish');
    expect((await rolledBack).body).toMatchObject({ version: 1, pinned: true });
    expect(await rowsOf(id)).toEqual([[1]]);
  });

  it('goes first when it comes first: the build is stored beside the pinned version', async () => {
    const id = await publishedModel(2);
    await rollback(id, 1);
    expect(await publish(id, () => Promise.resolve())).toBe('shadow');
    expect(await get(id)).toMatchObject({ version: 1, pinned: true, owed: false });
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 3 });
  });
});

describe('releasing a rollback', () => {
  it('publishes the build that was made meanwhile', async () => {
    const id = await publishedModel(2);
    await rollback(id, 1);
    await addShadow(gateway, id, 3, 'select 3 as n', { [`t:${streamId}`]: 1 });
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 3, pinned: false, owed: false });
    expect(await rowsOf(id)).toEqual([[3]]);
    expect((await auditOf(id)).map(({ action }) => action)).toEqual(['rollback', 'release']);
  });

  it('goes back to what was published before, when nothing was built since', async () => {
    const id = await publishedModel(3);
    await rollback(id, 1);
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 3, pinned: false, owed: false });
  });

  it('leaves the model owed when its latest build is of an earlier definition', async () => {
    const id = await publishedModel(2);
    await rollback(id, 1);
    await gateway
      .as(gateway.acme, 'updateModel', { id })
      .send({ sql: 'select visits * 2 as n from ga.traffic' });
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 1, pinned: false, owed: true });
  });

  it('waits for a new build when the latest one read a version of another model that is not shown', async () => {
    const [above, id] = [await publishedModel(2), await publishedModel(2)];
    await rollback(id, 1);
    await addShadow(gateway, id, 3, 'select 3 as n', { [`t:${streamId}`]: 1, [`m:${above}`]: 3 });
    expect((await promote(id, 3)).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('not published'),
    });
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 1, pinned: false, owed: true });
  });

  it('changes nothing for a model that is not pinned', async () => {
    const id = await publishedModel(2);
    expect(model.parse((await release(id)).body)).toMatchObject({ version: 2, pinned: false });
    expect(await auditOf(id)).toEqual([]);
  });
});

describe('promoting a shadow build', () => {
  it('publishes it, and ends a pin', async () => {
    const id = await publishedModel(2);
    await rollback(id, 1);
    await addShadow(gateway, id, 3, 'select 3 as n', { [`t:${streamId}`]: 1 });
    expect(model.parse((await promote(id, 3)).body)).toMatchObject({
      version: 3,
      pinned: false,
      owed: false,
    });
  });

  it('is refused for what was published before, for an earlier definition, and while an input is held', async () => {
    const id = await publishedModel(2);
    expect((await promote(id, 1)).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('Use rollback'),
    });
    await addShadow(gateway, id, 3, 'select 3 as n', { [`t:${streamId}`]: 1 });
    await gateway.postgres.pool.query('update app.stream set held = true where id = $1', [streamId]);
    expect((await promote(id, 3)).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('held'),
    });
    await gateway.postgres.pool.query('update app.stream set held = false where id = $1', [streamId]);
    await gateway.as(gateway.acme, 'updateModel', { id }).send({ sql: 'select 5 as n' });
    expect((await promote(id, 3)).body).toMatchObject({
      status: 409,
      detail: expect.stringContaining('earlier definition'),
    });
    expect(await get(id)).toMatchObject({ version: 2 });
  });
});

describe('whoever asks', () => {
  it('finds no model of another organization', async () => {
    const id = await publishedModel(2);
    const { globex } = gateway;
    const answers = await Promise.all([
      gateway.as(globex, 'rollbackModel', { id }).send({ version: 1 }),
      gateway.as(globex, 'releaseModel', { id }),
      gateway.as(globex, 'promoteModel', { id }).send({ version: 1 }),
      gateway.as(globex, 'listModelVersions', { id }),
      gateway.as(globex, 'diffModelVersions', { id, from: '1', to: '2' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(await get(id)).toMatchObject({ version: 2, pinned: false });
  });

  it('may not change what is shown as a viewer', async () => {
    const id = await publishedModel(2);
    const { organizationId, email } = gateway.acme;
    const roleIs = (role: string) =>
      gateway.postgres.pool.query('update app.membership set role = $2 where organization_id = $1', [
        organizationId,
        role,
      ]);
    await roleIs('viewer');
    const cookie = await gateway.signIn(email);
    const answers = await Promise.all(
      (['rollbackModel', 'releaseModel', 'promoteModel'] as const).map((name) =>
        gateway.call(name, { id }).set('Cookie', cookie).send({ version: 1 }),
      ),
    );
    await roleIs('owner');
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
