/** A small installation in a true state, brought about by the very functions that sync and refresh are made of, for specs. */
import { defaults } from '@freshet/contracts';
import { ControlPlane, prepareDatabase } from '@freshet/persistence';
import { usePostgres, type TestPostgres } from '@freshet/testing';
import { createBuilders, provisionProject, type Builders } from '@freshet/warehouse';
import type { Installation } from '../verify';
import { ProjectUnderTest } from './project-under-test';

const masterKey = 'a master key for tests, long enough to pass';

export interface InstallationUnderTest {
  readonly postgres: TestPostgres;
  /** What `verify` is given. */
  readonly from: Installation;
  readonly plane: ControlPlane;
  /** A project of an organization of its own. */
  addProject(slug: string): Promise<ProjectUnderTest>;
}

/** Call at the top of a spec file. */
export const useInstallation = (): InstallationUnderTest => {
  let plane: ControlPlane;
  let builders: Builders;
  let systemRole: string;
  afterAll(async () => {
    await builders?.close();
    await plane?.close();
  });
  const postgres = usePostgres();
  const from = (): InstallationUnderTest['from'] => ({
    databaseUrl: postgres.url,
    installation: postgres.name.slice(-8),
    masterKey,
    maxWait: defaults.refresh.maxWait,
  });

  beforeAll(async () => {
    systemRole = (await prepareDatabase(from())).system;
    plane = await ControlPlane.open({ ...from(), poolSize: 4 });
    const { hostname, port } = new URL(postgres.url);
    builders = createBuilders({
      ...from(),
      connection: { host: hostname, port: Number(port), database: postgres.name },
    });
  }, 60_000);

  const addProject: InstallationUnderTest['addProject'] = async (slug) => {
    const { rows } = await postgres.pool.query<{ organizationId: string; id: string }>(
      `with o as (insert into app.organization (name, slug) values ($1, $1) returning id)
       insert into app.project (organization_id, name, slug) select id, $1, $1 from o returning organization_id as "organizationId", id`,
      [slug],
    );
    const { organizationId = '', id = '' } = rows[0] ?? {};
    const admin = await postgres.pool.connect();
    const { installation } = from();
    await provisionProject(admin, { installation, projectId: id, masterKey, systemRole });
    admin.release();
    return new ProjectUnderTest(plane, builders, organizationId, id);
  };

  return {
    postgres,
    addProject,
    get from() {
      return from();
    },
    get plane() {
      return plane;
    },
  };
};
