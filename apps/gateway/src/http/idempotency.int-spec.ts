import { usePostgres, useRedis } from '@freshet/testing';
import { Redis } from 'ioredis';
import { useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis });
const create = (key: string, name: string) =>
  gateway.as(gateway.acme, 'createApiKey').set('Idempotency-Key', key).send({ name });

describe('a POST with an Idempotency-Key', () => {
  it('is done once and answered alike when it is sent again', async () => {
    const first = await create('one', 'Once');
    const again = await create('one', 'Once');
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([
      201,
      first.body,
      'true',
    ]);
    const { rows } = await gateway.postgres.pool.query(`select 1 from app.api_key where name = 'Once'`);
    expect(rows).toHaveLength(1);
  });

  it('keeps no answer readable in Redis', async () => {
    const { key } = (await create('two', 'Secret')).body as { key: string };
    const redis = gateway.app.get(Redis);
    const kept = await redis.mget(await redis.keys('freshet:idempotency:*:createApiKey:*'));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.join('\n')).not.toContain(key);
    expect(kept.join('\n')).not.toContain('Secret');
  });

  it('is refused for another request with the same key', async () => {
    await create('three', 'This');
    expect((await create('three', 'That')).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('sent twice at the same time is done once', async () => {
    const answers = await Promise.all([create('four', 'Race'), create('four', 'Race')]);
    expect(answers.map(({ status }) => status)).toContain(201);
    const { rows } = await gateway.postgres.pool.query(`select 1 from app.api_key where name = 'Race'`);
    expect(rows).toHaveLength(1);
  });

  it('that failed may be sent again', async () => {
    const missing = () =>
      gateway.as(gateway.acme, 'startSync', { id: '999999' }).set('Idempotency-Key', 'five').send({});
    expect([(await missing()).status, (await missing()).status]).toEqual([404, 404]);
  });

  it('means nothing to another caller', async () => {
    await create('six', 'Ours');
    const other = await gateway
      .as(gateway.globex, 'createApiKey')
      .set('Idempotency-Key', 'six')
      .send({ name: 'Ours' });
    expect([other.status, other.headers['idempotent-replayed']]).toEqual([201, undefined]);
  });
});
