/** What is checked without running anything: format, lint with import boundaries, types. Each counts as one test. */
import { nx, programOf } from '../host/package-program.mjs';
import { say } from '../host/progress.mjs';
import { run } from '../host/run-command.mjs';
import { workspace } from '../host/workspace.mjs';
import { none } from './results.mjs';

const program = ([name, command], ...args) =>
  run(process.execPath, [programOf(name, command), ...args], { cwd: workspace });

const checks = {
  'format (prettier)': () => program(['prettier'], '--check', '--log-level=warn', '.'),
  'types of services and libraries': () => program(['typescript', 'tsc'], '-p', 'tsconfig.server.json'),
  'types of the client and its specs': () =>
    program(['typescript', 'tsc'], '-p', 'apps/client/tsconfig.spec.json', '--noEmit'),
  // The rule on import boundaries is silent without Nx's graph of the projects.
  'lint with import boundaries': async () => {
    const graph = await nx(['graph', '--file=dist/test/projects.json']);
    return graph.code === 0 ? program(['eslint'], '.', '--max-warnings=0') : graph;
  },
};

/** Two at a time, since a machine of two cores is the measure. */
export async function runChecks() {
  const waiting = Object.entries(checks);
  let counts = none;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, check] = next;
      const started = Date.now();
      const { code, output } = await check();
      const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
      say(code === 0 ? `  ✓ ${name} (${took})` : `  ✗ ${name} (${took})\n${output.trimEnd()}`);
      counts =
        code === 0 ? { ...counts, passed: counts.passed + 1 } : { ...counts, failed: counts.failed + 1 };
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}
