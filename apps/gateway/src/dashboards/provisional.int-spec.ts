import { queryResult, type QueryResult } from '@freshet/contracts';
import { usePostgres, useRedis, waitFor } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let source: StandInSource;

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const body = { name: 'daily', sql: 'select day, visits from ga.traffic' };
  const { id } = (await gateway.as(gateway.acme, 'createModel', gateway.acme).send(body)).body;
  await publishVersion(gateway, id, 1, `select 1 as n`, { [`t:${source.streamId}`]: 1 });
});

/** As of a run that ended at 22:30 UTC, when the next day has begun in Auckland. */
const restates = async (days: number, timeZone: string): Promise<void> => {
  const { pool } = gateway.postgres;
  const ended = `update app.sync_run set completed_at = '2026-03-10T22:30:00Z' where source_id = $1`;
  await pool.query(ended, [source.sourceId]);
  const restated = `update app.stream set provisional_days = $1, time_zone = $2 where id = $3`;
  await pool.query(restated, [days, timeZone, source.streamId]);
};

const ask = async (sql: string) =>
  queryResult.parse(
    (await gateway.as(gateway.acme, 'runQuery', gateway.acme).send({ sql, fresh: true })).body,
  );

/** Gateways hear of the run's end a moment later. */
const eventually = (sql: string, isRight: (result: QueryResult) => boolean): Promise<unknown> =>
  waitFor(async () => isRight(await ask(sql)), { what: 'the result as of the last run' });

describe('a result over data that its vendor restates', () => {
  it('names the first day that may still change, in the account’s zone', async () => {
    await restates(3, 'UTC');
    await eventually('select n from daily', ({ provisionalFrom }) => provisionalFrom === '2026-03-08');
    expect((await ask('select visits from ga.traffic')).provisionalFrom).toBe('2026-03-08');
    await restates(3, 'Pacific/Auckland');
    await eventually('select n from daily', ({ provisionalFrom }) => provisionalFrom === '2026-03-09');
  });

  it('is settled where the vendor restates nothing', async () => {
    await restates(0, 'UTC');
    await eventually('select n from daily', ({ provisionalFrom }) => provisionalFrom === null);
  });

  it('tells what is to be known of the rows below it', async () => {
    await gateway.postgres.pool.query(
      `update app.stream set warnings = '["Google sampled this."]' where id = $1`,
      [source.streamId],
    );
    await eventually('select n from daily', ({ warnings }) => warnings[0] === 'Google sampled this.');
  });
});
