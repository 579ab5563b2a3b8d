/** Template databases: prepared once per cluster, cloned for every spec file. */
import { createHash } from 'node:crypto';

import { databasePrefix, withClient } from './cluster';

export interface DatabaseTemplate {
  /** Spec files that give the same name get clones of the same template. */
  name: string;
  /** Brings an empty database to the wanted state, e.g. migrates it, and closes its connections. */
  prepare(url: string): Promise<void>;
}

/** Same server, other database. */
export function databaseUrl(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Makes sure that the template exists and returns its database's name. An advisory lock of the cluster lets one
 * process prepare while the others wait; a template whose preparation failed keeps its working name and is redone.
 */
export async function ensureTemplate(cluster: string, { name, prepare }: DatabaseTemplate): Promise<string> {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 12);
  const finished = `${databasePrefix()}template_${id}`;
  const unfinished = `${finished}_new`;
  await withClient(cluster, async (client) => {
    await client.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [finished]);
    const { rowCount } = await client.query(`select from pg_database where datname = $1`, [finished]);
    if (rowCount) return;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} template template0`);
    await prepare(databaseUrl(cluster, unfinished));
    await client.query(`alter database ${unfinished} with allow_connections false is_template true`);
    await client.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1`, [
      unfinished,
    ]);
    await client.query(`alter database ${unfinished} rename to ${finished}`);
  });
  return finished;
}
