/** Runs the migration script as a deployment does: once, before any service starts. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const workspace = path.resolve(__dirname, '../../../..');
const run = promisify(execFile);

export const runMigrate = async (env: Record<string, string>): Promise<void> => {
  const script = path.join(workspace, 'dist/apps/gateway/migrate.js');
  await run(process.execPath, ['--enable-source-maps', script], {
    cwd: workspace,
    env: { PATH: process.env.PATH, ...env },
  });
};
