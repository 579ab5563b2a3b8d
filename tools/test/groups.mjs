/** The groups that `npm test` runs one after the other, each with its budget in seconds on two cores. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { buildClient } from '../build/build-client.mjs';
import { buildServices } from '../build/build-services.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { say } from '../host/progress.mjs';
import { programOf } from '../host/package-program.mjs';
import { run } from '../host/run-command.mjs';
import { workspace } from '../host/workspace.mjs';
import { runChecks } from './checks.mjs';
import { jestCounts, nodeTestCounts, none, suiteDurations } from './results.mjs';

const reports = path.join(workspace, 'dist/test');

const projectsIn = (folder) =>
  readdirSync(path.join(workspace, folder))
    .map((name) => `${folder}/${name}`)
    .filter((project) => existsSync(path.join(workspace, project, 'jest.config.ts')));

const servers = () =>
  [...projectsIn('libs'), ...projectsIn('apps')].filter(
    (name) => !['apps/client', 'apps/e2e'].includes(name),
  );

export const groups = {
  checks: { title: 'Format, lint and types', budget: 60, run: runChecks },
  build: { title: 'Building services and client', budget: 30, run: runBuild },
  tools: { title: 'Tests of the tools', budget: 10, run: runNodeTests },
  server: {
    title: 'Tests of libraries and services',
    budget: 300,
    run: (env) => runJest('server', servers(), env),
  },
  client: { title: 'Tests of the client', budget: 50, run: (env) => runJest('client', ['apps/client'], env) },
  e2e: {
    title: 'Tests of the whole system',
    budget: 270,
    run: (env) => runJest('e2e', ['apps/e2e'], env, ['--runInBand']),
  },
};

async function runBuild() {
  try {
    await whileOthersWait(async () => {
      await buildServices();
      await buildClient();
    });
    return { ...none, passed: 1 };
  } catch (error) {
    say(error.message);
    return { ...none, failed: 1 };
  }
}

async function runNodeTests() {
  const { code, output } = await run(
    process.execPath,
    ['--test', '--test-reporter=spec', '--test-timeout=60000', 'tools/**/*.test.mjs'],
    { cwd: workspace },
  );
  if (code !== 0) say(output);
  return nodeTestCounts(output, code);
}

// A test that hangs is ended; how fast the machine is, is nothing that tests judge. Jest takes this for several projects from here alone.
const patient = ['--maxWorkers=2', '--testTimeout=20000'];

async function runJest(name, projects, env, args = patient) {
  const there = projects.filter((project) => existsSync(path.join(workspace, project)));
  if (there.length === 0) return none;
  mkdirSync(reports, { recursive: true });
  const file = path.join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const jest = [programOf('jest'), '--ci', '--json', `--outputFile=${file}`, '--passWithNoTests', ...args];
  const { code } = await run(process.execPath, [...jest, '--projects', ...there], {
    cwd: workspace,
    env,
    show: ['stderr'],
  });
  say('  Slowest suites:');
  for (const { suite, seconds } of suiteDurations(file, workspace).slice(0, 8))
    say(`  ${seconds.toFixed(1).padStart(7)} s  ${suite}`);
  return jestCounts(file, code);
}
