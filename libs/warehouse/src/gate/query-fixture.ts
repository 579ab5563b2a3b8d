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

const tables: Record<string, string> = {
  'ga_main.traffic': `SELECT * FROM (VALUES
    (date '2024-01-01', 'organic', 10, 1.50), ('2024-01-01', 'paid', 5, 2.00), ('2024-01-02', 'organic', 20, 3.25),
    ('2024-01-03', 'paid', 7, 0.00), ('2024-02-01', 'organic', 8, 4.00)) AS t (date, channel, sessions, revenue)`,
  'ga_shop.traffic': `SELECT * FROM (VALUES
    (date '2024-01-01', 'email', 1, 0.10), ('2024-01-02', 'email', 2, 0.20)) AS t (date, channel, sessions, revenue)`,
  'Büro-1.Umsätze 2024': `SELECT * FROM (VALUES ('Köln', 3), ('Zürich', 4)) AS t ("Größe", n)`,
  daily_sessions: `SELECT * FROM (VALUES
    (date '2024-01-01', 15::bigint), ('2024-01-02', 20), ('2024-01-03', 7), ('2024-02-01', 8)) AS t (date, sessions)`,
  orders: `SELECT * FROM (VALUES
    (1, 1, 10.00, 'paid', timestamptz '2024-01-01 10:00+00', jsonb '[{"sku": "a", "qty": 2}]'),
    (2, 1, 20.00, 'paid', '2024-01-15 23:30+00', '[{"sku": "b", "qty": 1}, {"sku": "a", "qty": 1}]'),
    (3, 2, 5.50, 'refunded', '2024-02-01 00:00+00', NULL),
    (4, 3, 40.00, 'paid', '2024-02-02 08:15+00', '[]')) AS t (id, customer_id, amount, status, ordered_at, items)`,
  customers: `SELECT * FROM (VALUES
    (1, 'Ana', 'DE', ARRAY['vip', 'new']), (2, 'Bo', 'US', '{}'), (3, 'Çelik', 'DE', NULL), (4, 'Dee', 'US', ARRAY['new'])
    ) AS t (id, name, country, tags)`,
  staff: `SELECT * FROM (VALUES (1, NULL::int, 'Root'), (2, 1, 'Mid'), (3, 2, 'Leaf'), (4, 1, 'Mid too')) AS t (id, manager_id, name)`,
  big: 'SELECT n, n % 100 AS part, md5(n::text) AS code FROM generate_series(1, 200000) AS n',
};

export interface QueryProject {
  readers: Readers;
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
  const readers = createReaders({
    connection,
    installation,
    masterKey,
    maxPools: 2,
    poolSize: 4,
    ...options,
  });
  const resolve = ({ name }: { name: string[] }): Target | undefined => {
    const key = name.join('.');
    if (!(key in tables)) return undefined;
    return { kind: name.length > 1 ? 'table' : 'model', id: key, physical: physical(key) };
  };
  const bind = async (sql: string): Promise<BoundQuery> =>
    bindQuery(await parseQuery(sql), resolve, { known: names });
  return {
    readers,
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
