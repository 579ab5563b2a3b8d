/** A whole gateway on a PostgreSQL and a Redis of its own, with two organizations that must not see each other. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Route, RouteName } from '@freshet/contracts';
import { routes } from '@freshet/contracts';
import { prepareDatabase } from '@freshet/persistence';
import {
  createLog,
  createService,
  hashToken,
  newApiKey,
  readEnv,
  SystemClock,
  type Clock,
} from '@freshet/service-kit';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Pool } from 'pg';
import request, { type Test } from 'supertest';
import { hashPassword } from '../auth/passwords';
import { gatewayEnv, type GatewayEnv } from '../gateway-env';
import { gatewayService } from '../gateway.service';
import { ProjectDesk } from '../organization/project-desk';

/** What `@freshet/testing` gives; handed in by spec files, which alone may import it. */
export interface Servers {
  usePostgres(): TestPostgres;
  useRedis(): TestRedis;
}
interface TestPostgres {
  readonly url: string;
  readonly name: string;
  readonly pool: Pool;
}
interface TestRedis {
  readonly url: string;
  kill9(): Promise<unknown> | void;
  restart(): Promise<unknown>;
}

export interface GatewayOptions extends Servers {
  clock?: Clock;
  /** Settings beside those of every test. */
  env?: NodeJS.ProcessEnv;
  /** Whether two organizations and an operator are there from the start. */
  people?: boolean;
}

export const password = 'correct horse battery';

/** A type rather than an interface, so that it can stand for the parameters of a path. */
export type Tenant = {
  organizationId: string;
  projectId: string;
  email: string;
  apiKey: string;
};

export interface GatewayUnderTest {
  readonly app: NestExpressApplication;
  readonly env: GatewayEnv;
  readonly url: string;
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
  readonly acme: Tenant;
  readonly globex: Tenant;
  /** An operator who belongs to no organization. */
  readonly operator: { email: string };
  /** A call of the catalogue; `:name` parts of its path from `params`. */
  call(name: RouteName, params?: Record<string, string>): Test;
  /** The same with an organization's API key. */
  as(tenant: Tenant, name: RouteName, params?: Record<string, string>): Test;
  /** Signs in and gives the session's cookie. */
  signIn(email: string): Promise<string>;
}

/** Call at the top of a spec file: starts before its first test and ends after its last. */
export function useGateway({
  usePostgres,
  useRedis,
  clock = new SystemClock(),
  env: more = {},
  people = true,
}: GatewayOptions): GatewayUnderTest {
  let app: NestExpressApplication;
  // Hooks run in the order in which they are registered: the gateway ends before what it is connected to.
  afterAll(() => app?.close());
  const postgres = usePostgres();
  const redis = useRedis();
  let env: GatewayEnv;
  const tenants: Tenant[] = [];
  const operator = { email: 'operator@freshet.example' };

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    env = readEnv(gatewayEnv, {
      NODE_ENV: 'test', LOG_LEVEL: 'error', DATABASE_URL: postgres.url, REDIS_URL: redis.url, FRESHET_INSTALLATION: installation,
      FRESHET_ALLOW_HOSTS: '127.0.0.1', FRESHET_DEMO: '1', ...more,
    }); // prettier-ignore
    await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey: env.FRESHET_MASTER_KEY });
    app = await createService(gatewayService, env, { log: createLog('gateway', env.LOG_LEVEL), clock });
    await app.listen(0, '127.0.0.1');
    if (!people) return;
    for (const name of ['acme', 'globex'])
      tenants.push(await createTenant(postgres, app.get(ProjectDesk), name));
    await createUser(postgres, operator.email, true);
  }, 60_000);

  const server = (): string => `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const call = (name: RouteName, params: Record<string, string> = {}): Test => {
    const { method, path }: Route = routes[name];
    const filled = path.replace(/:(\w+)/g, (_, part: string) => params[part] ?? '');
    return request(server())[method.toLowerCase() as 'get'](filled);
  };
  const tenant = (at: number): Tenant => {
    const found = tenants[at];
    if (!found) throw new Error('The gateway is started in beforeAll.');
    return found;
  };
  return {
    postgres,
    redis,
    operator,
    get app() {
      return app;
    },
    get env() {
      return env;
    },
    get url() {
      return server();
    },
    get acme() {
      return tenant(0);
    },
    get globex() {
      return tenant(1);
    },
    call,
    as: ({ apiKey }, name, params) => call(name, params).set('Authorization', `Bearer ${apiKey}`),
    signIn: async (email) => {
      const answer = await call('signIn').send({ email, password });
      return String(answer.headers['set-cookie']).split(';')[0] ?? '';
    },
  };
}

async function createUser(postgres: TestPostgres, email: string, operator = false): Promise<string> {
  const { rows } = await postgres.pool.query(
    'insert into app.app_user (email, name, password_hash, operator) values ($1, $1, $2, $3) returning id',
    [email, await hashPassword(password), operator],
  );
  return rows[0].id;
}

async function createTenant(postgres: TestPostgres, projects: ProjectDesk, name: string): Promise<Tenant> {
  const email = `anna@${name}.example`;
  const { rows } = await postgres.pool.query(
    'insert into app.organization (name, slug) values ($1, $1) returning id',
    [name],
  );
  const organizationId: string = rows[0].id;
  const userId = await createUser(postgres, email);
  await postgres.pool.query(
    `insert into app.membership (organization_id, user_id, role) values ($1, $2, 'owner')`,
    [organizationId, userId],
  );
  const { key, prefix } = newApiKey();
  await postgres.pool.query(
    `insert into app.api_key (organization_id, name, prefix, key_hash, role) values ($1, 'test', $2, $3, 'admin')`,
    [organizationId, prefix, hashToken(key)],
  );
  const project = await projects.create(organizationId, {
    name: `${name} ${randomBytes(2).toString('hex')}`,
  });
  return { organizationId, projectId: project.id, email, apiKey: key };
}
