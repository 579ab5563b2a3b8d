/** Holds every invariant against one installation: each project in one snapshot of its own, which only reads. */
import { FreshetError } from '@freshet/contracts';
import { sqlOf } from '@freshet/persistence';
import { buildRole, rolePassword } from '@freshet/warehouse';
import pg from 'pg';
import type { Finding, Invariant, Look, Outcome } from './invariant';
import { invariants } from './invariants';

export interface Installation {
  /** The owner's login. */
  databaseUrl: string;
  installation: string;
  masterKey: string;
  /** Of its services, in milliseconds. */
  maxWait: number;
}

export interface VerifyOptions {
  /** A project's id or slug; null: all. */
  project: string | null;
  /** Nothing is meant to be under way: what would be pending is a finding. */
  settled: boolean;
  /** Records of before are left alone; epoch milliseconds, 0 for all. */
  since: number;
  /** At most so many models of each project are computed anew; null: tables are not scanned at all. */
  recompute: number | null;
  /** For each statement over tables, in milliseconds. */
  scanTimeout: number;
}

export interface InvariantReport {
  invariant: Pick<Invariant, 'name' | 'says'>;
  checked: number;
  findings: Finding[];
  notes: string[];
  failures: string[];
}

export interface Report {
  /** ISO 8601. */
  at: string;
  projects: number;
  invariants: InvariantReport[];
}

export const verify = async (from: Installation, options: VerifyOptions): Promise<Report> => {
  const control = await connect(from.databaseUrl);
  try {
    const at = await beginSnapshot(control);
    const projects = await findProjects(control, options.project);
    const base = {
      now: at,
      maxWait: from.maxWait,
      since: options.since,
      scanTimeout: options.scanTimeout,
      recompute: options.recompute ?? 0,
    };
    const reports = new Map(invariants.map((invariant) => [invariant, emptyReport(invariant)]));
    const look = async (scope: Invariant['scope'], view: Look): Promise<void> => {
      for (const [invariant, report] of reports)
        if (invariant.scope === scope) add(report, await ask(invariant, view), options.settled);
    };
    await look('installation', { ...base, sql: sqlOf(control), projectId: '', scan: null });
    await control.query('commit');
    for (const projectId of projects) {
      const now = await beginSnapshot(control);
      const scan = options.recompute === null ? null : await scanner(from, projectId, control, reports);
      await look('project', { ...base, now, sql: sqlOf(control), projectId, scan });
      await scan?.end();
      await control.query('commit');
    }
    return { at: new Date(at).toISOString(), projects: projects.length, invariants: [...reports.values()] };
  } finally {
    await control.end();
  }
};

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString, application_name: 'freshet verify', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  // Row-level security must refuse, never quietly leave rows out: a login that may not see all would find all well.
  await client.query('set row_security = off; set default_transaction_read_only = on; set jit = off');
  return client;
};

/** @returns the database's clock at that moment, epoch milliseconds */
const beginSnapshot = async (client: pg.Client): Promise<number> => {
  await client.query('begin isolation level repeatable read read only');
  const { rows } = await client.query<{ now: number }>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  return rows[0]?.now ?? Date.now();
};

const findProjects = async (client: pg.Client, wanted: string | null): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select id from app.project where $1::text is null or id::text = $1 or slug = $1 order by id`,
    [wanted],
  );
  if (wanted !== null && !rows.length)
    throw new FreshetError('not_found', `There is no project with the id or slug "${wanted}".`);
  return rows.map(({ id }) => id);
};

type Reports = ReadonlyMap<Invariant, InvariantReport>;

/** Under the login that builds the project's versions, which reads its schema and nothing else; in the control connection's snapshot. */
const scanner = async (
  { databaseUrl, installation, masterKey }: Installation,
  projectId: string,
  control: pg.Client,
  reports: Reports,
): Promise<pg.Client | null> => {
  const user = buildRole(installation, projectId);
  const url = new URL(databaseUrl);
  url.username = user;
  url.password = rolePassword(masterKey, user);
  try {
    const { rows } = await control.query<{ id: string }>('select pg_export_snapshot() as id');
    const client = await connect(url.toString());
    await client.query(
      `begin isolation level repeatable read read only; set transaction snapshot '${rows[0]?.id}'`,
    );
    return client;
  } catch (error) {
    for (const [{ name }, report] of reports) {
      if (name === 'contents-true')
        report.failures.push(
          `The tables of project ${projectId} could not be read as ${user}: ${(error as Error).message}`,
        );
    }
    return null;
  }
};

const emptyReport = ({ name, says }: Invariant): InvariantReport => ({
  invariant: { name, says },
  checked: 0,
  findings: [],
  notes: [],
  failures: [],
});

/** One that can't be asked leaves the others their turn. */
const ask = async (invariant: Invariant, look: Look): Promise<Outcome> => {
  await look.sql.rows('savepoint invariant');
  try {
    return await invariant.check(look);
  } catch (error) {
    await look.sql.rows('rollback to savepoint invariant');
    const where = look.projectId ? ` in project ${look.projectId}` : '';
    return {
      checked: 0,
      findings: [],
      failures: [`${invariant.name} could not be checked${where}: ${(error as Error).message}`],
    };
  }
};

const add = (report: InvariantReport, outcome: Outcome, settled: boolean): void => {
  report.checked += outcome.checked;
  report.findings.push(
    ...outcome.findings.map((finding) => (settled ? { ...finding, verdict: 'violated' as const } : finding)),
  );
  for (const note of outcome.notes ?? []) if (!report.notes.includes(note)) report.notes.push(note);
  report.failures.push(...(outcome.failures ?? []));
};
