/** A project with its logins in a test's database, in which versions are built as the refresh service does it; for spec files only. */
import type { Pool, PoolClient } from 'pg';
import { installationId, projectSchema } from '../names';
import { hardenDatabase } from '../roles/harden-database';
import { provisionProject } from '../roles/provision-project';
import { buildVersion, type BuildRequest, type ComparedVersion } from './build-version';
import { createBuilders, type Builder, type BuilderOptions, type Builders } from './builders';
import { exportSnapshot } from './snapshot';

export const projectId = '7';
export const modelId = '42';
const masterKey = 'a key for tests only';

export type Wishes = Partial<BuildRequest> & { duringSnapshot?: () => Promise<unknown> };

export interface ProjectUnderTest {
  /** Builds the next version of the one model. */
  build(text: string, wishes?: Wishes): Promise<ComparedVersion & { version: number }>;
  /** Runs one piece of work on a connection of the system login. */
  asSystem<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** Runs one piece of work on a connection of the build login. */
  withBuilder<T>(work: (client: Builder) => Promise<T>): Promise<T>;
  /** Builders of the project's installation; from `beforeAll` on. The caller closes them. */
  createBuilders(options?: Partial<BuilderOptions>): Builders;
}

/** Call at the top of a spec file. The project has one stream table, `p_7.orders (id bigint, amount numeric)` of 100 rows. */
export const useProject = (postgres: {
  readonly pool: Pool;
  readonly url: string;
  readonly name: string;
}): ProjectUnderTest => {
  jest.setTimeout(30_000);
  let create: ProjectUnderTest['createBuilders'];
  let builders: Builders;
  let nextVersion = 0;

  const asSystem: ProjectUnderTest['asSystem'] = async (work) => {
    const client = await postgres.pool.connect();
    return work(client).finally(() => client.release());
  };

  beforeAll(async () => {
    const installation = installationId(postgres.name);
    const { hostname, port } = new URL(postgres.url);
    const orders = `${projectSchema(projectId)}.orders`;
    await asSystem(async (admin) => {
      await provisionProject(admin, { installation, projectId, masterKey, systemRole: 'postgres' });
      await hardenDatabase(admin, { keep: [] });
      await admin.query(`CREATE TABLE ${orders} (id bigint, amount numeric)`);
      await admin.query(`INSERT INTO ${orders} SELECT i, i * 1.5 FROM generate_series(1, 100) i`);
    });
    const connection = { host: hostname, port: Number(port), database: postgres.name };
    create = (options = {}) => createBuilders({ connection, installation, masterKey, ...options });
    builders = create();
  });
  afterAll(() => builders?.close());

  const build: ProjectUnderTest['build'] = async (text, { duringSnapshot, ...wishes } = {}) => {
    const control = await postgres.pool.connect();
    const builder = await builders.connect(projectId);
    const version = ++nextVersion;
    try {
      const { snapshotId } = await exportSnapshot(control, async () => undefined);
      await duringSnapshot?.();
      const target = { projectId, modelId, version, builder, snapshotId };
      const built = await buildVersion({
        ...target,
        text,
        indexes: [],
        statementTimeoutMs: 20_000,
        onSnapshotTaken: async () => void (await control.query('COMMIT')),
        ...wishes,
      });
      return { ...built, version };
    } finally {
      await control.query('ROLLBACK');
      control.release();
      await builder.release();
    }
  };
  const withBuilder: ProjectUnderTest['withBuilder'] = async (work) => {
    const builder = await builders.connect(projectId);
    return work(builder).finally(() => builder.release());
  };
  return { build, asSystem, withBuilder, createBuilders: (options) => create(options) };
};
