/** Brings the database to this release, by its owner's login; run before any service starts. */
import 'reflect-metadata';
import type { ProjectLimits } from '@freshet/contracts';
import { installationName, controlRoles, prepareDatabase } from '@freshet/persistence';
import { baseEnv, createLog, EnvironmentError, readEnv } from '@freshet/service-kit';
import { hardenDatabase, provisionExistingProjects } from '@freshet/warehouse';
import pg from 'pg';

async function migrate(): Promise<void> {
  const env = readEnv(baseEnv);
  const log = createLog('migrate', env.LOG_LEVEL);
  const installation = installationName(env);
  const masterKey = env.FRESHET_MASTER_KEY;
  await prepareDatabase({ databaseUrl: env.DATABASE_URL, installation, masterKey });
  const admin = new pg.Client({ connectionString: env.DATABASE_URL, application_name: 'freshet migrate' });
  await admin.connect();
  try {
    const { app, system } = controlRoles(installation);
    for (const sentence of await hardenDatabase(admin, { keep: [app, system] })) log.warn(sentence);
    // What a release adds to a project's schema and logins, older projects get here.
    const { rows } = await admin.query<{ id: string; limits: ProjectLimits }>(
      'select id, limits from app.project',
    );
    const limits = new Map(rows.map((project) => [project.id, project.limits]));
    await provisionExistingProjects(admin, {
      installation,
      masterKey,
      systemRole: system,
      limitsOf: (id) => limits.get(id),
    });
  } finally {
    await admin.end();
  }
  log.info('The database is ready');
}

migrate().catch((error: unknown) => {
  const sentences =
    error instanceof EnvironmentError
      ? error.sentences
      : [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  for (const sentence of sentences) process.stderr.write(`migrate: ${sentence}\n`);
  process.exitCode = 1;
});
