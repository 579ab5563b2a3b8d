/** Connections under a project's build login, the only one that may create tables in the project's schema, kept from build to build. */
import pg from 'pg';
import { buildRole } from '../names';
import { rolePassword } from '../roles/role-password';
import { wasAskedToCancel } from './cancel';
import { IdleBuilders } from './idle-builders';

export interface BuilderOptions {
  connection: { host: string; port: number; database: string };
  installation: string;
  masterKey: string;
  /** Connections kept open for the next build, over all projects; the least recently used gives way. */
  keep?: number;
  /** How long one is kept unused, in milliseconds. */
  idleMs?: number;
  /** How old one may grow, in milliseconds: limits and passwords of its role are read when it is opened. */
  maxAgeMs?: number;
}

/** One build has it for itself, from `connect` to `release`. */
export type Builder = pg.Client & {
  /** Ends the loan, once. What is as new is kept for the project's next build, anything else is closed. Never rejects. */
  release(): Promise<void>;
};

export interface Builders {
  /** A connection for one build. Rejects when the project's roles are not there (`provisionProject`). */
  connect(projectId: string): Promise<Builder>;
  /** Closes what is kept; what is lent is closed when it comes back. */
  close(): Promise<void>;
}

/**
 * Slots bound how many builds run at once, so an index build may take a good part of the memory. JIT costs more than it saves below minutes.
 * A build's commits need not wait for the disk: the log is written in order, so that publishing, which does wait, finds them there; and what
 * a crash takes before that was nobody's version yet. (The one exception is told in `buildVersion`.)
 */
const settings = `SET maintenance_work_mem = '256MB'; SET jit = off; SET synchronous_commit = off`;

export const createBuilders = (options: BuilderOptions): Builders => {
  const { keep = 6, idleMs = 60_000, maxAgeMs = 600_000 } = options;
  const idle = new IdleBuilders<Builder>({ keep, idleMs });

  const open = async (projectId: string): Promise<Builder> => {
    const { client, isSound } = await connected(options, projectId);
    const openedAt = performance.now();
    let lent = true;
    const builder: Builder = Object.assign(client, {
      release: async () => {
        if (!lent) return;
        lent = false;
        const isYoung = performance.now() - openedAt < maxAgeMs;
        if (isYoung && isSound() && (await renewed(client)) && isSound()) {
          idle.put(projectId, builder, () => (lent = true));
        } else await ended(client);
      },
    });
    return builder;
  };
  return {
    connect: async (projectId) => idle.take(projectId) ?? (await open(projectId)),
    close: () => idle.close(),
  };
};

const connected = async (
  { connection, installation, masterKey }: BuilderOptions,
  projectId: string,
): Promise<{ client: pg.Client; isSound: () => boolean }> => {
  const user = buildRole(installation, projectId);
  const client = new pg.Client({
    ...connection,
    user,
    password: rolePassword(masterKey, user),
    keepAlive: true,
    application_name: 'freshet build',
  });
  let odd = false;
  const beOdd = (): void => void (odd = true);
  // A connection that breaks while nothing runs must not end the process; the next query on it says so.
  client.on('error', beOdd);
  client.on('end', beOdd);
  client.connection.on('errorMessage', beOdd);
  await client.connect();
  await client.query(settings);
  // A cancel request may still be under way when the build has ended: it would hit the next one.
  const isSound = (): boolean => !odd && client.getTransactionStatus() === 'I' && !wasAskedToCancel(client);
  return { client, isSound };
};

/** As if just opened: no settings, temporary tables, locks or plans of the build before. */
const renewed = async (client: pg.Client): Promise<boolean> => {
  try {
    // Alone, since it refuses to share a transaction; and first, since it forgets settings.
    await client.query('DISCARD ALL');
    await client.query(settings);
    return true;
  } catch {
    return false;
  }
};

const ended = (client: pg.Client): Promise<void> => client.end().catch(() => undefined);
