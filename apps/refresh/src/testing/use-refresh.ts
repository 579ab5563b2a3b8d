/** The refresh service in this process, on a PostgreSQL and a Redis of its own, for specs of what it does to models. */
import { ControlPlane, prepareDatabase } from '@freshet/persistence';
import { baseEnv, createLog, createService, readEnv } from '@freshet/service-kit';
import { usePostgres, useRedis, type TestPostgres } from '@freshet/testing';
import { provisionProject } from '@freshet/warehouse';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { refreshService } from '../refresh.service';
import { ProjectUnderTest } from './project-under-test';

export interface RefreshOptions {
  /** Settings beside those of every test. */
  env?: NodeJS.ProcessEnv;
}

export interface RefreshUnderTest {
  readonly app: NestExpressApplication;
  readonly plane: ControlPlane;
  readonly postgres: TestPostgres;
  readonly project: ProjectUnderTest;
  /** A project beside the first, of the same organization. */
  addProject(): Promise<ProjectUnderTest>;
}

/** Call at the top of a spec file: starts before its first test and ends after its last. */
export const useRefresh = ({ env: more = {} }: RefreshOptions = {}): RefreshUnderTest => {
  jest.setTimeout(30_000);
  let app: NestExpressApplication;
  let project: ProjectUnderTest;
  let addProject: RefreshUnderTest['addProject'];
  afterAll(() => app?.close());
  const postgres = usePostgres();
  const redis = useRedis();

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    const env = readEnv(baseEnv, {
      NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: postgres.url, REDIS_URL: redis.url, FRESHET_INSTALLATION: installation,
      FRESHET_LEASE_MS: '3000', ...more,
    }); // prettier-ignore
    const masterKey = env.FRESHET_MASTER_KEY;
    const roles = await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    const organizationId = await insert(
      postgres,
      `insert into app.organization (name, slug) values ('Acme', 'acme') returning id`,
    );
    let projects = 0;
    addProject = async () => {
      const projectId = await insert(
        postgres,
        `insert into app.project (organization_id, name, slug) values ($1, $2, $2) returning id`,
        [organizationId, `growth-${++projects}`],
      );
      const admin = await postgres.pool.connect();
      await provisionProject(admin, { installation, projectId, masterKey, systemRole: roles.system });
      admin.release();
      return new ProjectUnderTest(app.get(ControlPlane), postgres, organizationId, projectId);
    };
    app = await createService(refreshService, env, { log: createLog('refresh', env.LOG_LEVEL) });
    await app.init();
    project = await addProject();
  }, 60_000);

  return {
    postgres,
    addProject: () => addProject(),
    get app() {
      return app;
    },
    get plane() {
      return app.get(ControlPlane);
    },
    get project() {
      return project;
    },
  };
};

const insert = async (postgres: TestPostgres, query: string, values: unknown[] = []): Promise<string> =>
  (await postgres.pool.query<{ id: string }>(query, values)).rows[0]?.id ?? '';
