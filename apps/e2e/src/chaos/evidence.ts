/** What is kept of a run in which something was found: the services' logs and the records of the control plane. */
import { readFileSync } from 'node:fs';
import type { Installation } from './installation';

const tables = [
  'project',
  'data_source',
  'stream',
  'sync_run',
  'data_model',
  'model_input',
  'model_version',
  'model_publication',
  'refresh',
  'cascade',
  'cascade_item',
  'sync_run_stream',
  'event',
];

/** File name → text. */
export const evidenceOf = async ({
  services,
  pool,
  postgres,
}: Installation): Promise<Record<string, string>> => {
  const logs = [
    ...services.map(({ name, log }) => [`${name}.log`, log]),
    // Tells who waited for whom in a deadlock.
    ['postgres.log', readFileSync(postgres.logFile, 'utf8')],
  ];
  const records: string[][] = [];
  for (const table of tables) {
    const { rows } = await pool
      .query<{ row: string }>(`select to_jsonb(t)::text as row from app.${table} t order by 1`)
      .catch(() => ({ rows: [] }));
    if (rows.length) records.push([`${table}.jsonl`, rows.map(({ row }) => row).join('\n')]);
  }
  return Object.fromEntries([...logs, ...records]) as Record<string, string>;
};
