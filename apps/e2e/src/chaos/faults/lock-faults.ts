/** Sessions of others that hold what services want, and ask for it in the opposite order. */
import { setTimeout as moment } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { pick } from '../../harness/random';
import type { Fault, FaultParts } from './fault';

const tables = ['refresh', 'data_model', 'sync_run', 'stream', 'model_version', 'project', 'data_source'];

const inSession = (parts: FaultParts, work: (client: PoolClient) => Promise<string>): Promise<string> =>
  parts.disturbances.during('locks', async () => {
    const client = await parts.installation.pool.connect().catch(() => undefined);
    if (!client) return 'PostgreSQL is away';
    let broken: Error | undefined;
    try {
      await client.query(`begin; set local lock_timeout = '4s'`);
      const what = await work(client);
      await client.query('rollback');
      return what;
    } catch (error) {
      broken = error as Error;
      return `ended by: ${broken.message}`;
    } finally {
      client.release(broken);
    }
  });

/** Nobody can write the table, and everybody can read it. */
export const holdLock: Fault = (parts) =>
  inSession(parts, async (client) => {
    const table = `app.${tables[pick(parts.random, tables.length)]}`;
    await client.query(`lock table ${table} in exclusive mode`);
    parts.findings.count('locks held');
    const milliseconds = 500 + pick(parts.random, 3_500);
    await moment(milliseconds);
    return `${table} for ${milliseconds} ms`;
  });

/** Services take a model's row before its project's; this session takes them the other way round. */
export const deadlock: Fault = (parts) =>
  inSession(parts, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from app.project order by id');
    const project = rows[pick(parts.random, rows.length)]?.id;
    await client.query('select from app.project where id = $1 for update', [project]);
    await moment(300 + pick(parts.random, 700));
    parts.findings.count('rows locked the other way round');
    const models = 'select from app.data_model where project_id = $1 order by id desc for update';
    await client.query(models, [project]).catch((error: Error & { code?: string }) => {
      if (error.code === '40P01') parts.findings.count('deadlocks that cost the session');
      throw error;
    });
    await moment(pick(parts.random, 500));
    return `project ${project}`;
  });
