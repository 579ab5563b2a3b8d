/** A small project for the specs of queries: two sources, some models, and a second project that nobody may see. */
import { Client } from 'pg';

import { bindQuery } from '../binding/bind-query';
import type { BoundQuery, Target } from '../binding/bound-query';
import { installationId } from '../names';
import { createReaders, type Readers } from '../readers/create-readers';
import type { QueryLimits, QueryResult, ReaderOptions } from '../readers/reader-types';
import { dropProjectRoles } from '../roles/drop-project-roles';
import { hardenDatabase } from '../roles/harden-database';
import { provisionProject } from '../roles/provision-project';
import { parseQuery } from './parse-query';
import { tables } from './query-cases/tables';

export interface QueryProject {
  readers: Readers;
  /** To make other readers of the same project with. */
  readerOptions: ReaderOptions;
  installation: string;
  /** The physical table of a name, in project 1. */
  physical(name: string): string;
  bind(sql: string): Promise<BoundQuery>;
  /** The whole way of a person's query in project 1. */
  run(sql: string, limits?: Partial<QueryLimits>): Promise<QueryResult>;
  remove(): Promise<void>;
}

const masterKey = 'a master key for specs of queries';
const limits: QueryLimits = { maxRows: 1_000, maxBytes: 32 * 1024 * 1024, timeoutMs: 5_000 };

/** `postgres`: a superuser's URL of an empty database, and its name. */
export const createQueryProject = async (
  postgres: { url: string; name: string },
  options: Partial<ReaderOptions> = {},
): Promise<QueryProject> => {
  const installation = installationId(postgres.name);
  const systemRole = `f_${installation}_system`;
  const { hostname: host, port, pathname } = new URL(postgres.url);
  const names = Object.keys(tables);
  const physical = (name: string): string => `"p_1"."t_${names.indexOf(name)}"`;

  const asAdmin = async (work: (admin: Client) => Promise<void>): Promise<void> => {
    const admin = new Client({ connectionString: postgres.url });
    await admin.connect();
    await work(admin).finally(() => admin.end());
  };
  await asAdmin(async (admin) => {
    await admin.query(`CREATE ROLE ${systemRole}`);
    await hardenDatabase(admin, { keep: [systemRole] });
    for (const projectId of ['1', '2'])
      await provisionProject(admin, { installation, projectId, masterKey, systemRole });
    await admin.query(
      `SET ROLE ${systemRole}; CREATE TABLE p_2.secret AS SELECT 'of another project' AS secret`,
    );
    for (const [name, select] of Object.entries(tables))
      await admin.query(`CREATE TABLE ${physical(name)} AS ${select}`);
    await admin.query('RESET ROLE; ANALYZE');
  });

  const connection = { host, port: Number(port), database: pathname.slice(1) };
  const readerOptions = { connection, installation, masterKey, maxPools: 2, poolSize: 4, ...options };
  const readers = createReaders(readerOptions);
  const resolve = ({ name }: { name: string[] }): Target | undefined => {
    const key = name.join('.');
    if (!(key in tables) || key.split('.').length !== name.length) return undefined;
    return { kind: name.length > 1 ? 'table' : 'model', id: key, physical: physical(key) };
  };
  const bind = async (sql: string): Promise<BoundQuery> =>
    bindQuery(await parseQuery(sql), resolve, { known: names });
  return {
    readers,
    readerOptions,
    installation,
    physical,
    bind,
    run: async (sql, more = {}) => readers.query('1', await bind(sql), { ...limits, ...more }),
    remove: async () => {
      await readers.close();
      await asAdmin(async (admin) => {
        for (const projectId of ['1', '2']) await dropProjectRoles(admin, { installation, projectId });
        await admin.query(`DROP OWNED BY ${systemRole} CASCADE; DROP ROLE ${systemRole}`);
      });
    },
  };
};
