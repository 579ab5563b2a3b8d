import { defaults } from '@freshet/contracts';
import { sqlOf } from '@freshet/persistence';
import type { PoolClient } from 'pg';
import { compareInexactly } from './compare-inexactly';
import type { Finding, Look } from './invariant';
import { invariants } from './invariants';
import { describeReport, verdictOf } from './report';
import type { ProjectUnderTest } from './testing/project-under-test';
import { useInstallation } from './testing/use-installation';
import { verify, type Report, type VerifyOptions } from './verify';

const options: VerifyOptions = {
  project: null,
  settled: false,
  since: 0,
  recompute: Infinity,
  scanTimeout: 10_000,
};

describe('npm run verify', () => {
  jest.setTimeout(30_000);
  const installation = useInstallation();
  let project: ProjectUnderTest;
  let other: ProjectUnderTest;
  let orders: { sourceId: string; streamId: string };
  let runs: string[];
  let daily: string;
  let total: string;
  /** Each model's refreshes, in order. */
  let refreshes: { daily: string[]; total: string[] };

  const look = (changes: Partial<VerifyOptions> = {}): Promise<Report> =>
    verify(installation.from, { ...options, ...changes });

  beforeAll(async () => {
    project = await installation.addProject('growth');
    other = await installation.addProject('finance');
    orders = await project.addStream('shop', 'orders');
    runs = [await project.sync(orders, [[1, 0.1], [2, 0.2], [3, 0.5]])]; // prettier-ignore
    daily = await project.addModel('daily', 'select id, amount from shop.orders where id < 100');
    total = await project.addModel('total', 'select count(*) as orders, sum(amount) as amount from daily');
    refreshes = { daily: [await project.refresh(daily)], total: [await project.refresh(total)] };
    runs.push(await project.sync(orders, [[1, 0.3], [4, 0.4]])); // prettier-ignore
    refreshes.daily.push(await project.refresh(daily));
    refreshes.total.push(await project.refresh(total));
    runs.push(await project.sync(orders, [[100, 1]]));
    refreshes.daily.push(await project.refresh(daily));
    await project.settle();
  }, 60_000);

  it('finds nothing where all went as it should, and looked at something everywhere', async () => {
    const report = await look({ settled: true });
    expect(describeReport(report)).toContain('Nothing found.');
    expect(verdictOf(report)).toEqual({ violated: 0, pending: 0, failures: 0, exitCode: 0 });
    expect(report.invariants.filter(({ checked }) => checked === 0)).toEqual([]);
  });

  /** What is found once a superuser has changed the records or the data; nothing of it stays. */
  const findAfter = async (
    change: (client: PoolClient) => Promise<unknown>,
  ): Promise<Record<string, string[]>> => {
    const client = await installation.postgres.pool.connect();
    await client.query('begin');
    try {
      await change(client);
      const { rows } = await client.query<{ now: number }>(
        `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
      );
      const view: Look = { ...options, sql: sqlOf(client), projectId: project.id, now: rows[0]?.now ?? 0, scan: client, recompute: Infinity, maxWait: defaults.refresh.maxWait }; // prettier-ignore
      const found: Record<string, string[]> = {};
      for (const invariant of invariants) {
        const { findings, failures = [] } = await invariant.check(view);
        expect(failures).toEqual([]);
        const violations = findings.filter(({ verdict }: Finding) => verdict === 'violated');
        if (violations.length) found[invariant.name] = violations.map(({ sentence }) => sentence);
      }
      return found;
    } finally {
      await client.query('rollback');
      client.release();
    }
  };

  /** A later refresh of a model that says the same as an earlier one. */
  const repeat = (client: PoolClient, refreshId: string | undefined, version: string): Promise<unknown> =>
    client.query(
      `insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, vector, version, published,
         queued_at, started_at, completed_at, correlation_id)
       select organization_id, project_id, model_id, 'COMPLETED', 'user', 'Again.', vector, ${version}, ${version} is not null,
         clock_timestamp(), clock_timestamp(), clock_timestamp(), 'test' from app.refresh where id = $1`,
      [refreshId],
    );

  describe('finds, and names', () => {
    it('a lost update: a run that no refresh saw, though the model’s row says that it was seen', async () => {
      const found = await findAfter(async (client) => {
        await client.query(
          `insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, queued_at, started_at, completed_at, correlation_id)
           select organization_id, project_id, source_id, 'completed', trigger, why, now() - interval '2 hours', now() - interval '2 hours',
             now() - interval '1 hour', 'test' from app.sync_run where id = $1`,
          [runs[0]],
        );
        await client.query(
          `insert into app.sync_run_stream (run_id, stream_id, organization_id, status, from_revision, to_revision, updated, completed_at)
           select (select max(id) from app.sync_run), id, organization_id, 'completed', revision, revision + 1, 1, now() - interval '1 hour'
           from app.stream where id = $1`,
          [orders.streamId],
        );
        await client.query(`update app.stream set revision = revision + 1 where id = $1`, [orders.streamId]);
        await client.query(
          `update app.data_model set built_vector = jsonb_set(built_vector, $2, '4') where id = $1`,
          [daily, [`t:${orders.streamId}`]],
        );
      });
      expect(Object.keys(found)).toEqual(['changes-seen', 'vectors-true']);
      const lost = String(Number(runs[2]) + 1);
      expect(found['changes-seen']?.[0]).toContain(
        `Model ${daily} (daily) has not seen 1 sync run (${lost}): its latest finished refresh ${refreshes.daily[2]} has shop.orders at 3 and it is at 4; 1 model below it`,
      );
      expect(found['vectors-true']?.[0]).toContain(`Model ${daily} (daily) remembers another input vector`);
    });

    it('two refreshes of one model at the same time', async () => {
      const found = await findAfter((client) =>
        client.query(
          `update app.refresh r set queued_at = e.started_at, started_at = e.completed_at - interval '1 microsecond'
           from app.refresh e where r.id = $1 and e.id = $2`,
          [refreshes.daily[1], refreshes.daily[0]],
        ),
      );
      expect(Object.keys(found)).toEqual(['no-overlaps']);
      expect(found['no-overlaps']?.[0]).toContain(
        `Refreshes ${refreshes.daily[0]} and ${refreshes.daily[1]} of model ${daily} (daily) ran at the same time`,
      );
    });

    it('four refreshes at once, of different models and organizations', async () => {
      const found = await findAfter((client) =>
        client.query(
          `with m as (
             insert into app.data_model (organization_id, project_id, name, sql, deleted_at)
             select p.organization_id, p.id, 'former ' || n, 'select 1', now() from app.project p, generate_series(1, 2) n
             returning id, organization_id, project_id)
           insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, queued_at, started_at, completed_at, correlation_id)
           select organization_id, project_id, id, 'SKIPPED', 'cascade', 'Test.', now() - interval '9 s', now() - interval '9 s', now() - interval '8 s', 'test'
           from m`,
        ),
      );
      expect(Object.keys(found)).toEqual(['slots-kept']);
      expect(found['slots-kept']?.[0]).toMatch(
        /4 refreshes ran at once, and there are 3 slots: refreshes \d+, \d+, \d+, \d+\./,
      );
    });

    it('a run that is in an illegal state, and one whose process is long dead', async () => {
      const found = await findAfter((client) =>
        client.query(
          `update app.sync_run set status = 'running', lease_until = now() - interval '1 hour' where id = $1`,
          [runs[1]],
        ),
      );
      expect(Object.keys(found)).toEqual(['lifecycles']);
      expect(found['lifecycles']).toEqual([
        expect.stringContaining(`Sync run ${runs[1]} of source ${orders.sourceId} (shop) has an end time, but not ended`),
        expect.stringContaining(`Sync run ${runs[1]} of source ${orders.sourceId} (shop) is still running, though its lease ran out 3600 s ago`),
      ]); // prettier-ignore
    });

    it('a model of a cascade that waits for a refresh that has ended', async () => {
      const found = await findAfter((client) =>
        client.query(`update app.cascade_item set state = 'running' where refresh_id = $1`, [
          refreshes.daily[1],
        ]),
      );
      expect(Object.keys(found)).toEqual(['lifecycles']);
      expect(found['lifecycles']?.[0]).toContain(
        `Model ${daily} in cascade 1 is running, but it belongs to refresh ${refreshes.daily[1]} (COMPLETED)`,
      );
    });

    it('a model that was refreshed before what it reads', async () => {
      const found = await findAfter(async (client) => {
        await client.query(
          `update app.refresh r set queued_at = u.started_at, started_at = u.started_at from app.refresh u where r.id = $1 and u.id = $2`,
          [refreshes.total[1], refreshes.daily[1]],
        );
        await client.query(`update app.cascade set started_at = started_at - interval '5 seconds'`);
      });
      expect(Object.keys(found)).toEqual(['order-kept']);
      expect(found['order-kept']?.[0]).toContain(
        `In cascade 1 model ${total} (total) was refreshed (${refreshes.total[1]}) before model ${daily} (daily), which it reads, was (${refreshes.daily[1]})`,
      );
    });

    it('but not when what it reads was only built aside, or when somebody intervened', async () => {
      const before = async (client: PoolClient): Promise<void> => {
        await client.query(
          `update app.refresh r set queued_at = u.started_at, started_at = u.started_at from app.refresh u where r.id = $1 and u.id = $2`,
          [refreshes.total[1], refreshes.daily[1]],
        );
        await client.query(`update app.cascade set started_at = started_at - interval '5 seconds'`);
      };
      const aside = await findAfter(async (client) => {
        await before(client);
        await client.query(`update app.refresh set published = false where id = $1`, [refreshes.daily[1]]);
      });
      const intervened = await findAfter(async (client) => {
        await before(client);
        await client.query(
          `insert into app.audit_entry (organization_id, project_id, at, principal, action, subject_kind, subject_id)
           select organization_id, project_id, completed_at, 'test', 'hold-release', 'sync_run', 1 from app.cascade where id = 1`,
        );
      });
      expect([aside, intervened]).toEqual([{}, {}]);
    });

    it('a refresh that a person asked for and that the cascade’s later ones overtook', async () => {
      const found = await findAfter((client) =>
        client.query(
          `with m as (
             insert into app.data_model (organization_id, project_id, name, sql, deleted_at)
             select $1, $2, 'former ' || n, 'select 1', now() from generate_series(0, 4) n returning id, name)
           insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, queued_at, started_at, completed_at, correlation_id)
           select $1, $2, id, 'CANCELLED', case name when 'former 0' then 'user' else 'cascade' end, 'Test.',
             now() - interval '1 hour' + case name when 'former 0' then interval '0 s' else interval '2 s' end,
             now() - interval '1 hour' + case name when 'former 0' then interval '40 s' else right(name, 1)::int * interval '5 s' end,
             now() - interval '1 hour' + case name when 'former 0' then interval '41 s' else right(name, 1)::int * interval '5 s' + interval '1 s' end,
             'test' from m`,
          [project.organizationId, project.id],
        ),
      );
      expect(Object.keys(found)).toEqual(['order-kept']);
      expect(found['order-kept']?.[0]).toMatch(
        /which a person asked for, waited 40 s while 4 refreshes that the cascade queued later went first/,
      );
    });

    it('a candidate that was not published though its set is complete', async () => {
      const found = await findAfter(async (client) => {
        await client.query(`update app.model_version set state = 'candidate', built_at = now() - interval '1 hour' where model_id = $1 and version = 1`, [total]); // prettier-ignore
        await client.query(`update app.data_model set candidate_version = 1 where id = $1`, [total]);
      });
      expect(Object.keys(found)).toEqual(['changes-seen']);
      expect(found['changes-seen']?.[0]).toContain(
        `Version 1 of model ${total} (total) is built and not published, though nothing of its set is left to be built`,
      );
    });

    it('a version that was published twice', async () => {
      const found = await findAfter((client) => repeat(client, refreshes.daily[1], 'version'));
      expect(Object.keys(found)).toContain('once-per-cascade');
      expect(found['once-per-cascade']).toEqual(
        expect.arrayContaining([
          expect.stringContaining(
            `Version 2 of model ${daily} (daily) was published twice, by refreshes ${refreshes.daily[1]} and `,
          ),
        ]),
      );
    });

    it('a build that nothing called for', async () => {
      const found = await findAfter((client) => repeat(client, refreshes.daily[2], 'null::int'));
      expect(Object.keys(found)).toEqual(['once-per-cascade']);
      expect(found['once-per-cascade']?.[0]).toContain(`Refreshes ${refreshes.daily[2]} and `);
      expect(found['once-per-cascade']?.[0]).toContain('were built from the very same inputs');
    });

    it('a vector that names what does not exist yet', async () => {
      const found = await findAfter(async (client) => {
        const path = [`t:${orders.streamId}`];
        await client.query(`update app.refresh set vector = jsonb_set(vector, $2, '99') where id = $1`, [refreshes.daily[2], path]); // prettier-ignore
        await client.query(`update app.data_model set built_vector = jsonb_set(built_vector, $2, '99') where id = $1`, [daily, path]); // prettier-ignore
        await client.query(`update app.model_version set vector = jsonb_set(vector, $2, '99') where model_id = $1 and state = 'live'`, [daily, path]); // prettier-ignore
      });
      expect(Object.keys(found)).toEqual(['vectors-true']);
      expect(found['vectors-true']).toEqual([
        expect.stringContaining(
          `Refresh ${refreshes.daily[2]} of model ${daily} (daily) says it was built from revision 99 of stream ${orders.streamId}, which is only at 3`,
        ),
      ]);
    });

    it('a model whose builds go back in time', async () => {
      const found = await findAfter((client) =>
        client.query(`update app.refresh set vector = jsonb_set(vector, $2, '9') where id = $1`, [
          refreshes.total[0],
          ['d'],
        ]),
      );
      expect(found['vectors-true']).toEqual([
        expect.stringContaining(`Refresh ${refreshes.total[0]} of model ${total} (total) says it was built from definition 9`),
        expect.stringContaining(`Refresh ${refreshes.total[1]} of model ${total} (total) went back in time: d 9 → 1`),
      ]); // prettier-ignore
    });

    it('a row of a version that somebody changed', async () => {
      const found = await findAfter((client) =>
        client.query(`update p_${project.id}.m_${daily}_v2 set amount = 7 where id = 2`),
      );
      expect(Object.keys(found)).toEqual(['contents-true']);
      expect(found['contents-true']).toEqual([
        expect.stringMatching(
          `Version 2 of model ${daily} \\(daily\\) is not what was built: .* holds 4 rows, as recorded, but with other contents`,
        ),
        expect.stringContaining(`Version 2 of model ${total} (total) holds 1 row, but its query over the same inputs`),
      ]); // prettier-ignore
    });

    it('a version that is not what its query answers', async () => {
      const found = await findAfter(async (client) => {
        const [table] = await streamTables(client);
        await client.query(`update p_${project.id}.${table} set amount = 7 where id = 2`);
      });
      expect(Object.keys(found)).toEqual(['contents-true']);
      expect(found['contents-true']?.[0]).toEqual(
        expect.stringMatching(
          `Version 2 of model ${daily} \\(daily\\) holds 4 rows, but its query over the same inputs .* gives other ones`,
        ),
      );
    });

    it('a table that nobody knows, one that is gone, and one with other columns', async () => {
      const found = await findAfter(async (client) => {
        await client.query(`create table p_${project.id}.m_${daily}_v77 (id int)`);
        await client.query(`drop table p_${project.id}.m_${daily}_v1`);
        await client.query(`alter table p_${project.id}.m_${total}_v1 add column more text`);
        await client.query(`update app.stream set columns = columns || '[{"name": "more", "type": "text"}]'`);
      });
      expect(Object.keys(found)).toEqual(['tables-known']);
      expect(found['tables-known']).toEqual([
        expect.stringContaining(`Nobody knows table p_${project.id}.m_${daily}_v77`),
        expect.stringContaining(`Table p_${project.id}.m_${daily}_v1 is gone, and version 1 (retired) of model ${daily} (daily) needs it`),
        expect.stringContaining(`Version 1 of model ${total} (total) is recorded with columns`),
        expect.stringContaining(`of stream ${orders.streamId} (shop.orders) lacks columns that are recorded: more`),
      ]); // prettier-ignore
    });

    it('rows that are missing under a checkpoint', async () => {
      const found = await findAfter(async (client) => {
        const [table] = await streamTables(client);
        await client.query(`delete from p_${project.id}.${table} where id = 100`);
      });
      expect(Object.keys(found)).toEqual(['checkpoints-true']);
      expect(found['checkpoints-true']?.[0]).toContain(
        `of stream ${orders.streamId} (shop.orders) holds 4 rows, but 5 are recorded with its checkpoint`,
      );
    });

    it('a checkpoint that is ahead of what the runs did', async () => {
      const found = await findAfter((client) =>
        client.query(`update app.stream set revision = 9, row_count = 50 where id = $1`, [orders.streamId]),
      );
      expect(Object.keys(found)).toEqual(['checkpoints-true']);
      expect(found['checkpoints-true']).toEqual([
        expect.stringContaining(`The latest sync run (${runs[2]}) left stream ${orders.streamId} (shop.orders) at revision 3, and it is at 9`),
        expect.stringContaining('inserted and deleted rows to a sum of 5, but it is recorded with 50'),
        expect.stringContaining('holds 5 rows, but 50 are recorded'),
      ]); // prettier-ignore
    });

    it('a gap in the events, and a publication that none tells of', async () => {
      const found = await findAfter(async (client) => {
        await client.query(`delete from app.event where project_id = $1 and seq = 5`, [project.id]);
        await client.query(
          `update app.event set name = 'model:refresh:completed' where name = 'model:published' and payload @> $1`,
          [{ modelId: total, version: 2 }],
        );
      });
      expect(Object.keys(found)).toEqual(['events-complete']);
      expect(found['events-complete']).toEqual([
        expect.stringContaining(`Events of project ${project.id} are missing: after number 4 comes 6`),
        expect.stringContaining(`Version 1 of model ${daily} (daily) was published at`),
        expect.stringContaining(`Version 2 of model ${total} (total) was published at`),
      ]); // prettier-ignore
    });

    it('a row of another organization', async () => {
      const found = await findAfter((client) =>
        client.query(`update app.refresh set organization_id = $2 where id = $1`, [
          refreshes.daily[0],
          other.organizationId,
        ]),
      );
      expect(Object.keys(found)).toEqual(['tenants-apart']);
      expect(found['tenants-apart']).toEqual(
        expect.arrayContaining([
          expect.stringContaining(
            `Rows of refresh belong to another organization than the data_model they name in model_id: ${refreshes.daily[0]}`,
          ),
        ]),
      );
    });
  });

  it('counts a refresh whose process died at its beginning only: when it let go of its slot nobody knows', async () => {
    const found = await findAfter((client) =>
      client.query(
        `with m as (
           insert into app.data_model (organization_id, project_id, name, sql, deleted_at)
           select $1, $2, 'former ' || n, 'select 1', now() from generate_series(1, 6) n returning id, name)
         insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, error, queued_at, started_at, completed_at, correlation_id)
         select $1, $2, id, 'FAILED', 'cascade', 'Test.', '{"code": "interrupted"}', now() - interval '9 s',
           now() - interval '9 s' + right(name, 1)::int * interval '1 ms', now() - interval '1 s', 'test' from m`,
        [project.organizationId, project.id],
      ),
    );
    expect(found).toEqual({});
  });

  describe('a change that nobody has seen yet', () => {
    const change = (client: PoolClient, more = ''): Promise<unknown> =>
      client.query(
        `update app.data_model set definition_revision = definition_revision + 1, owed_since = now() - interval '1 hour' where id = $1;
         ${more && `update app.data_model set ${more} where id = $1`}`.replaceAll('$1', total),
      );

    it('is a finding when its time is over and nothing is recorded', async () => {
      const found = await findAfter((client) => change(client));
      expect(found['changes-seen']?.[0]).toContain(
        `Model ${total} (total) has not seen what it reads: its latest finished refresh ${refreshes.total[1]} has its definition at 1 and it is at 2`,
      );
    });

    it.each([
      ['the model is paused', 'paused = true'],
      ['its auto-refresh is off', 'auto_refresh = false'],
      ['it has only just become owed', 'owed_since = now()'],
      ['it is tried again soon', `retry_at = now() + interval '5 s'`],
    ])('is none when %s', async (_, more) => {
      expect(await findAfter((client) => change(client, more))).toEqual({});
    });
  });

  it.each([
    ['equal but for the last digit of a sum', '0.1::float8 + 0.2', `'a'`, true],
    ['of another size', '0.31::float8', `'a'`, false],
    ['equal but for a column that is exact', '0.1::float8 + 0.2', `'b'`, false],
    ['without the number', 'null::float8', `'a'`, false],
    ['beyond all numbers', `'infinity'::float8`, `'a'`, false],
  ])('takes a result that is %s for the same or not', async (_, number, text, same) => {
    const columns = [{ name: 'x', type: 'double precision' }, { name: 'name', type: 'text' }]; // prettier-ignore
    const client = await installation.postgres.pool.connect();
    const one = `(select * from (values (1e15::float8, 'z'), (0.3, 'a')) v(x, name))`;
    const other = `(select * from (values (${number}, ${text}), (1e15, 'z')) v(x, name))`;
    expect(await compareInexactly(client, one, other, columns)).toBe(same);
    client.release();
  });

  const streamTables = async (client: PoolClient): Promise<string[]> =>
    (
      await client.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = $1::regnamespace and relname like 's\\_%' and relkind = 'r'`,
        [`p_${project.id}`],
      )
    ).rows.map(({ name }) => name);
});
