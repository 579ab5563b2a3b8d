/** The sync service's engine on a real PostgreSQL and Redis, with one project and a made-up vendor, for specs. */
import 'reflect-metadata';
import { Bus, BusModule } from '@freshet/bus';
import { createHttpClient, type Connector, type HttpClient } from '@freshet/connectors';
import type { SyncRequestBody } from '@freshet/contracts';
import { ControlPlane, prepareDatabase, requestSync } from '@freshet/persistence';
import { armFailpoints, createLog, readEnv, SecretBox, type BaseEnv, type Clock } from '@freshet/service-kit';
import { baseEnv } from '@freshet/service-kit';
import { TestClock, usePostgres, useRedis, waitFor, type TestPostgres } from '@freshet/testing';
import { projectSchema, provisionProject, streamTable } from '@freshet/warehouse';
import { NestFactory } from '@nestjs/core';
import { EndRun } from '../end-run';
import { LoadStream } from '../load-stream';
import { LoadStreams } from '../load-streams';
import { OpenSource, type Pacers } from '../open-source';
import { RunSync } from '../run-sync';
import { WriteSlice } from '../write-slice';
import { dayConnector } from './day-connector';
import { DayVendor } from './day-vendor';

const masterKey = 'a master key for tests, long enough to pass';
const nobodyWaits: Pacers = () => () => Promise.resolve(() => undefined);

export interface RunRow {
  status: string;
  held: boolean;
  error: { code: string; message: string } | null;
  waitingUntil: Date | null;
  [column: string]: unknown;
}

/** Call at the top of a spec file. */
/** @param settings of this installation beside the common ones; asked before the first test */
export const useSync = (settings: () => Record<string, string> = () => ({})) => {
  jest.setTimeout(30_000);
  let [plane, bus, http, vendor]: [ControlPlane?, Bus?, HttpClient?, DayVendor?] = [];
  const closing: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });
  const redis = useRedis();
  const postgres: TestPostgres = usePostgres();
  const clock = new TestClock('2026-03-10T12:00:00Z');
  const ids = { organizationId: '', projectId: '' };
  const connectors = new Map<string, Connector>([['days', dayConnector()]]);
  let env: BaseEnv;
  let count = 0;

  const row = async <T>(query: string, values: unknown[] = []): Promise<T> =>
    (await postgres.pool.query(query, values)).rows[0];

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    const roles = await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    env = readEnv(baseEnv, {
      NODE_ENV: 'test', DATABASE_URL: postgres.url, REDIS_URL: redis.url, FRESHET_MASTER_KEY: masterKey, FRESHET_INSTALLATION: installation, FRESHET_LEASE_MS: '3000', ...settings(),
    }); // prettier-ignore
    const opened = await ControlPlane.open({
      databaseUrl: postgres.url,
      installation,
      masterKey,
      poolSize: 8,
    });
    plane = opened;
    closing.push(() => opened.close());
    const insert = async (query: string, values: unknown[]) => (await row<{ id: string }>(query, values)).id;
    ids.organizationId = await insert(
      `insert into app.organization (name, slug) values ('Acme', 'acme') returning id`,
      [],
    );
    ids.projectId = await insert(
      `insert into app.project (organization_id, name, slug) values ($1, 'Growth', 'growth') returning id`,
      [ids.organizationId],
    );
    const admin = await postgres.pool.connect();
    const project = { installation, projectId: ids.projectId, masterKey, systemRole: roles.system };
    await provisionProject(admin, project).finally(() => admin.release());
    const app = await NestFactory.createApplicationContext(BusModule.register({ redisUrl: redis.url }), {
      logger: false,
    });
    closing.push(() => app.close());
    bus = app.get(Bus);
    await waitFor(() => bus?.ping().then(() => true));
    const client = createHttpClient({ allowHosts: ['127.0.0.1'] });
    http = client;
    closing.push(() => client.close());
    const started = await DayVendor.start();
    vendor = started;
    closing.push(() => started.close());
  }, 60_000);
  afterEach(() => {
    armFailpoints(undefined);
    vendor?.forget();
  });

  const there = <T>(part: T | undefined): T => {
    if (!part) throw new Error('Use it in tests, not while the file loads.');
    return part;
  };

  /** Its own objects over the shared database, as another process would have. */
  const newProcess = (): RunSync => {
    const [log, secrets] = [createLog('sync', 'silent'), new SecretBox(masterKey)];
    const time = clock as unknown as Clock;
    const find = (type: string): Connector => there(connectors.get(type));
    class Impatient extends OpenSource {
      override open(...[run, lease]: Parameters<OpenSource['open']>): ReturnType<OpenSource['open']> {
        return super.open(run, lease, { retry: { wait: () => Promise.resolve() } });
      }
    }
    const open = new Impatient(there(plane), find, there(http), nobodyWaits, secrets, time, log, env);
    const streams = new LoadStreams(there(plane), new LoadStream(there(plane), new WriteSlice(there(plane))));
    return new RunSync(
      there(plane),
      there(bus),
      open,
      streams,
      new EndRun(there(plane), time, log),
      time,
      log,
      env,
    );
  };

  const run = async (
    runId: string,
    process = newProcess(),
    signal = new AbortController().signal,
  ): Promise<string> =>
    (await process.handle(
      { runId, sourceId: '', organizationId: '', correlationId: 'test' },
      { attempt: 1, signal },
    )) ?? '';

  const request = async (sourceId: string, body: SyncRequestBody = {}): Promise<string> => {
    const asked = await there(plane).systemTransaction((sql) =>
      requestSync(sql, {
        sourceId,
        trigger: 'user',
        principal: null,
        why: 'Test.',
        request: body,
        correlationId: 'test',
      }),
    );
    return asked?.runId ?? '';
  };

  const stream = <T = Record<string, unknown>>(sourceId: string, name: string): Promise<T> =>
    row<T>('select * from app.stream where source_id = $1 and name = $2', [sourceId, name]);

  return {
    postgres,
    clock,
    connectors,
    ids,
    newProcess,
    run,
    request,
    row,
    stream,
    get plane() {
      return there(plane);
    },
    get vendor() {
      return there(vendor);
    },
    get bus() {
      return there(bus);
    },
    get env() {
      return env;
    },
    secrets: new SecretBox(masterKey),
    /** With all the streams that its connector has for the config. */
    addSource: async (
      streams: string[],
      more: {
        archives?: boolean;
        newStreams?: string;
        firstWindowDays?: number;
        type?: string;
        connectionId?: string;
      } = {},
    ): Promise<string> => {
      const {
        type = 'days',
        archives = false,
        newStreams = 'add',
        firstWindowDays = 5,
        connectionId = null,
      } = more;
      const { id } = await row<{ id: string }>(
        `insert into app.data_source (organization_id, project_id, type, name, slug, config, archives, new_streams, first_window_days, connection_id)
         values ($1, $2, $3, 'Shop', 'shop_' || $4::text, $5, $6, $7, $8, $9) returning id`,
        [
          ids.organizationId,
          ids.projectId,
          type,
          ++count,
          { url: there(vendor).url, streams },
          archives,
          newStreams,
          firstWindowDays,
          connectionId,
        ],
      );
      return id;
    },
    /** Asks for a run and carries it out. */
    sync: async (sourceId: string, body: SyncRequestBody = {}): Promise<string> => {
      const runId = await request(sourceId, body);
      await run(runId);
      return runId;
    },
    runRow: (runId: string): Promise<RunRow> =>
      row<RunRow>('select *, waiting_until as "waitingUntil" from app.sync_run where id = $1', [runId]),
    runStream: (runId: string): Promise<Record<string, unknown>> =>
      row(
        `select status, inserted::int, updated::int, unchanged::int, deleted::int, rejected::int, received::int, slices, warnings, state, held_why
         from app.sync_run_stream where run_id = $1 order by stream_id limit 1`,
        [runId],
      ),
    /** Rows of a stream's table as arrays of text, in their order as text. */
    rows: async (sourceId: string, name: string, columns: string): Promise<string[]> => {
      const { id, generation } = await stream<{ id: string; generation: number }>(sourceId, name);
      const table = `${projectSchema(ids.projectId)}.${streamTable(id, generation)}`;
      const { rows } = await postgres.pool.query(
        `select concat_ws(' ', ${columns}) as line from ${table} order by 1`,
      );
      return rows.map(({ line }) => line as string);
    },
    events: async (runId: string): Promise<string[]> =>
      (
        await postgres.pool.query(`select name from app.event where payload ->> 'runId' = $1 order by seq`, [
          runId,
        ])
      ).rows.map(({ name }) => name as string),
  };
};
