import { routes } from '@freshet/contracts';
import { usePostgres, useRedis, waitFor } from '@freshet/testing';
import { modelTable, projectSchema, streamTable } from '@freshet/warehouse';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
/** Milliseconds: nothing that is shown may be older than what was there this long ago (spec DB7). */
const bound = 100;
let modelId: string;
let source: StandInSource;

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const created = await gateway
    .as(gateway.acme, 'createModel', gateway.acme)
    .send({ name: 'counter', sql: 'select 1 as n' });
  modelId = created.body.id;
  await publishVersion(gateway, modelId, 1, 'select 1 as n', {});
});

const ask = async (sql: string) => {
  const answer = await fetch(
    `${gateway.url}${routes.runQuery.path.replace(':projectId', gateway.acme.projectId)}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.acme.apiKey}` },
      body: JSON.stringify({ sql }),
    },
  );
  return (await answer.json()) as { rows: [[string]]; source: string };
};

interface Seen {
  stale: { shown: number; due: number }[];
  answers: number;
  cached: number;
}

/**
 * Another process than the gateway makes the changes numbered 2 to `times`, each after so many answers; four readers ask
 * all the while. Each answer is held against what was there before it was asked for.
 */
async function readWhile(
  sql: string,
  change: (n: number) => Promise<void>,
  { times, answersBetween }: { times: number; answersBetween: number },
): Promise<Seen> {
  const committed: { n: number; at: number }[] = [];
  const seen: Seen = { stale: [], answers: 0, cached: 0 };
  let done = false;
  const reader = async (): Promise<void> => {
    while (!done) {
      const due = committed.findLast(({ at }) => at <= performance.now() - bound)?.n ?? 1;
      const { rows, source: from } = await ask(sql);
      const shown = Number(rows[0][0]);
      seen.answers++;
      if (from === 'cache') seen.cached++;
      if (shown < due) seen.stale.push({ shown, due });
    }
  };
  const writer = async (): Promise<void> => {
    for (let n = 2; n <= times; n++) {
      await change(n);
      committed.push({ n, at: performance.now() });
      const enough = seen.answers + answersBetween;
      await waitFor(() => seen.answers >= enough, { interval: 2 });
    }
  };
  const readers = Array.from({ length: 4 }, reader);
  await writer().finally(() => (done = true));
  await Promise.all(readers);
  return seen;
}

const publish = async (version: number): Promise<void> => {
  const { projectId } = gateway.acme;
  const table = (n: number): string => `"${projectSchema(projectId)}"."${modelTable(modelId, n)}"`;
  await gateway.postgres.pool.query(
    `begin;
     create table ${table(version)} as select ${version} as n;
     grant select on ${table(version)} to public;
     insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes, content_hash, vector, refresh_id)
       select model_id, ${version}, organization_id, project_id, 'retired', columns, 1, 8192, 'x', vector, 1 from app.model_version where model_id = ${modelId} and version = 1;
     update app.data_model set published_version = ${version} where id = ${modelId};
     commit`,
  );
};

const sync = async (n: number): Promise<void> => {
  const table = `"${projectSchema(gateway.acme.projectId)}"."${streamTable(source.streamId, 1)}"`;
  await gateway.postgres.pool.query(
    `begin;
     update ${table} set visits = ${n};
     update app.stream set revision = revision + 1 where id = ${source.streamId};
     commit`,
  );
};

describe('what is shown is never older than it was 100 ms ago', () => {
  it('while a model is published again and again by another process', async () => {
    const seen = await readWhile('select n from counter', publish, { times: 16, answersBetween: 12 });
    expect(seen.stale).toEqual([]);
    // Without these the test would prove nothing: most answers come from memory.
    expect(seen.cached).toBeGreaterThan(seen.answers / 2);
  });

  it('while slices of a sync arrive in a table that is read directly', async () => {
    const sql = 'select max(visits) as n from ga.traffic';
    await sync(1);
    expect((await readWhile(sql, sync, { times: 30, answersBetween: 4 })).stale).toEqual([]);
  });

  it('while the connection that listens is lost again and again', async () => {
    const lose = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'freshet gateway events' and datname = current_database()`;
    const change = async (n: number): Promise<void> => {
      if (n % 10 === 0) await gateway.postgres.pool.query(lose);
      await sync(n + 1_000);
    };
    const sql = 'select max(visits) - 1000 as n from ga.traffic';
    await sync(1_001);
    expect((await readWhile(sql, change, { times: 30, answersBetween: 4 })).stale).toEqual([]);
  });

  it('nor at all, for what this gateway itself was told to change', async () => {
    const create = (name: string) =>
      gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name, sql: 'select 1 as n' });
    for (let n = 0; n < 10; n++) {
      const { body } = await create(`short_lived_${n}`);
      await publishVersion(gateway, body.id, 1, `select ${n} as n`, {});
      expect((await ask(`select n from short_lived_${n}`)).rows).toEqual([[n]]);
      await gateway.as(gateway.acme, 'deleteModel', { id: body.id });
      expect(await ask(`select n from short_lived_${n}`)).toMatchObject({ code: 'sql_refused' });
    }
  });
});
