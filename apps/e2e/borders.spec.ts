import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

const workspace = path.resolve(__dirname, '../..');
const bin = (file: string): string => path.join(workspace, 'node_modules', file);

/** Lints texts as if they stood in files at these places, and answers the rules each of them breaks. */
const lintTexts = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const broken = [];
  for (const [filePath, text] of JSON.parse(input)) {
    const [result] = await eslint.lintText(text, { filePath });
    broken.push((result?.messages ?? []).map(({ ruleId }) => ruleId));
  }
  console.log(JSON.stringify(broken));`;

const rulesBroken = (texts: readonly (readonly [file: string, text: string])[]): string[][] => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', lintTexts], {
    cwd: workspace,
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as string[][];
};

const border = '@nx/enforce-module-boundaries';

const cases = [
  [
    'domain reads nothing from the database',
    'libs/domain/src/x.ts',
    `import '@freshet/persistence';`,
    [border],
  ],
  ['contracts know no other library', 'libs/contracts/src/x.ts', `import '@freshet/domain';`, [border]],
  ['adapters do not know each other', 'libs/warehouse/src/x.ts', `import '@freshet/persistence';`, [border]],
  ['only persistence speaks MikroORM', 'apps/gateway/src/x.ts', `import '@mikro-orm/core';`, [border]],
  ['only the bus speaks BullMQ', 'apps/refresh/src/x.ts', `import 'bullmq';`, [border]],
  [
    'the client meets the services in the contracts alone',
    'apps/client/src/x.ts',
    `import '@freshet/service-kit';`,
    [border],
  ],
  ['an app may import the libraries it is composed of', 'apps/sync/src/x.ts', `import '@freshet/bus';`, []],
  [
    'the environment is read in service-kit alone',
    'apps/sync/src/x.ts',
    `export const p = process.env['PORT'];`,
    ['no-restricted-properties'],
  ],
  [
    'test tools stay out of what ships',
    'apps/sync/src/x.ts',
    `import '@freshet/testing';`,
    ['no-restricted-imports'],
  ],
] as const;

describe('borders between libraries', () => {
  let broken: string[][];

  beforeAll(() => {
    // Without Nx's project graph the rule is passed over in silence.
    execFileSync(process.execPath, [bin('nx/dist/bin/nx.js'), 'graph', '--file=dist/project-graph.json'], {
      cwd: workspace,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: 'ignore',
    });
    broken = rulesBroken(cases.map(([, file, text]) => [file, `${text}\n`] as const));
  });

  it.each(cases.map(([title, , , rules], place) => ({ title, rules, place })))(
    '$title',
    ({ rules, place }) => {
      expect(broken[place]).toEqual(rules);
    },
  );
});
