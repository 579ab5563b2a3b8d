/** The whole of Freshet as it ships: four built services as processes, a PostgreSQL database and a Redis of their own. */
import { randomBytes } from 'node:crypto';
import { ApiClient } from '@freshet/sdk';
import {
  RunningService,
  startFileServer,
  usePostgres,
  useRedis,
  type FileServer,
  type TestPostgres,
  type TestRedis,
} from '@freshet/testing';
import { runMigrate } from './run-migrate';

const names = ['gateway', 'sync', 'refresh', 'scheduler'] as const;
export type ServiceName = (typeof names)[number];

export interface RunningFreshet {
  readonly url: string;
  /** By an API key, as another service. */
  readonly api: ApiClient;
  readonly owner: { email: string; password: string };
  readonly projectId: string;
  readonly services: Record<ServiceName, RunningService>;
  /** Where the sources' files lie. */
  readonly files: FileServer;
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
}

/** A function is called when the services start: by then the hooks of a spec that come before have run. */
type MoreEnv = Record<string, string> | (() => Record<string, string>);

/** Call at the top of a spec file: starts before its first test, ends after its last. */
export const useFreshet = ({ env: more = {} }: { env?: MoreEnv } = {}): RunningFreshet => {
  const postgres = usePostgres();
  const redis = useRedis();
  const services: Partial<Record<ServiceName, RunningService>> = {};
  const owner = { email: 'owner@acme.example', password: randomBytes(12).toString('base64url') };
  let files: FileServer | undefined;
  let account: { api: ApiClient; projectId: string } | undefined;

  beforeAll(async () => {
    files = await startFileServer();
    const env = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      FRESHET_MASTER_KEY: randomBytes(32).toString('base64url'),
      FRESHET_INSTALLATION: postgres.name.slice(-8),
      FRESHET_ALLOW_HOSTS: '127.0.0.1',
      // Limits a person may hit are for people.
      FRESHET_DEMO: '1',
      ...(typeof more === 'function' ? more() : more),
    };
    await runMigrate(env);
    await Promise.all(
      names.map(async (name) => {
        const portVariable = name === 'gateway' ? 'PORT' : 'HEALTH_PORT';
        services[name] = await RunningService.start({ name, env, portVariable, timeout: 60_000 });
      }),
    );
    account = await setUp(ready(services.gateway).url, owner);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(Object.values(services).map((service) => service.kill()));
    await files?.close();
  }, 30_000);

  return {
    get url() {
      return ready(services.gateway).url;
    },
    get api() {
      return ready(account).api;
    },
    get projectId() {
      return ready(account).projectId;
    },
    get files() {
      return ready(files);
    },
    services: services as Record<ServiceName, RunningService>,
    owner,
    postgres,
    redis,
  };
};

/** As the first visitor does it: an owner, a project, a key. */
const setUp = async (
  url: string,
  owner: RunningFreshet['owner'],
): Promise<{ api: ApiClient; projectId: string }> => {
  const body = { organizationName: 'Acme', name: 'Olivia Owner', ...owner };
  const visitor = new ApiClient(url, null);
  const answer = await visitor.send('setUp', { body });
  if (!answer.ok) throw new Error(`Setting up answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const session = new ApiClient(url, { cookie });
  const project = await session.call('createProject', { body: { name: 'Growth' } });
  const { key: apiKey } = await session.call('createApiKey', { body: { name: 'tests' } });
  return { api: new ApiClient(url, { apiKey }), projectId: project.id };
};

const ready = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('Freshet is started in beforeAll: use it there or later.');
  return value;
};
