/** Runs the checker of records and data (`npm run verify`) over the tortured installation. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const workspace = path.resolve(__dirname, '../../../..');
const run = promisify(execFile);

export interface Verdict {
  violated: number;
  failures: number;
  /** A sentence for each. */
  sentences: string[];
  /** The whole report. */
  report: unknown;
}

/** As `verify --json` writes it. */
interface Report {
  violated: number;
  failures: number;
  invariants: {
    invariant: { name: string };
    findings: { verdict: string; sentence: string }[];
    failures: string[];
  }[];
}

export const runVerify = async (env: Record<string, string>): Promise<Verdict> => {
  const script = path.join(workspace, 'dist/apps/verify/main.js');
  const args = ['--enable-source-maps', script, '--settled', '--json', '--wait', '20'];
  const options = { cwd: workspace, env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1024 ** 2 };
  const output = await run(process.execPath, args, options).catch(
    // Findings are told by the exit code too.
    (error: Error & { stdout?: string; stderr?: string }) => {
      if (error.stdout) return { stdout: error.stdout };
      throw new Error(`verify could not be run: ${error.stderr ?? error.message}`);
    },
  );
  const report = JSON.parse(output.stdout) as Report;
  const sentences = report.invariants.flatMap(({ invariant, findings, failures }) => [
    ...findings
      .filter(({ verdict }) => verdict === 'violated')
      .map(({ sentence }) => `${invariant.name}: ${sentence}`),
    ...failures.map((failure) => `${invariant.name} could not be checked: ${failure}`),
  ]);
  return { violated: report.violated, failures: report.failures, sentences, report };
};
