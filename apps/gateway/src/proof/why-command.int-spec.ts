import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { whyAnswer } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addRow, addSyncedSource, publishVersion } from '../testing/stand-in-data';

const workspace = path.resolve(__dirname, '../../../..');
const gateway = useGateway({ usePostgres, useRedis });
const folder = mkdtempSync(path.join(tmpdir(), 'freshet-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  code: number;
  out: string;
  complaint: string;
}

/** The command as people run it: a process of its own, from its bundle. */
const freshet = (args: string[], env: Record<string, string> = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path.join(workspace, 'dist/apps/cli/main.js'), ...args],
      { cwd: workspace, env: { PATH: process.env.PATH, FRESHET_DATA_DIR: folder, ...env } },
      (_, out, complaint) => resolve({ code: child.exitCode ?? -1, out, complaint }),
    );
  });
const known = () => ({ FRESHET_URL: gateway.url, FRESHET_API_KEY: gateway.acme.apiKey });

let chartId: string;
beforeAll(async () => {
  execFileSync(process.execPath, ['tools/build/build-service.mjs', 'cli'], { cwd: workspace });
  const source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const { id } = (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name: 'daily_sessions', sql: 'select visits from ga.traffic' })).body; // prettier-ignore
  await publishVersion(gateway, id, 1, 'select 1::bigint as visits', { [`t:${source.streamId}`]: 1 });
  await addRow(gateway, gateway.acme, source);
  const chart = { type: 'kpi', sql: 'select visits from daily_sessions', layout: { x: 0, y: 0, w: 3, h: 2 } };
  const dashboard = (name: string, title: string) =>
    gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({ name, charts: [{ ...chart, title }] });
  chartId = (await dashboard('First', 'Visits')).body.charts[0].id;
  await dashboard('Second', 'Visits');
  await dashboard('Third', 'All visits');
}, 60_000);

describe('freshet why', () => {
  it('tells of a model in lines that fit a terminal of 80 columns', async () => {
    const { code, out } = await freshet(['why', 'daily_sessions'], known());
    expect(code).toBe(0);
    expect(out).toMatch(/^daily_sessions shows version 1\. Refreshing because: ga\.traffic went 1 → 2\.\n/);
    expect(out).toContain('ga.traffic: revision 1 shown, 2 now; last changed by sync run');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('takes ids, titles of several words, any case, and answers in JSON', async () => {
    const byTitle = await freshet(['why', 'all', 'VISITS', '--json'], known());
    expect(whyAnswer.parse(JSON.parse(byTitle.out)).subject).toMatchObject({
      kind: 'chart',
      name: 'All visits',
    });
    const byId = await freshet(['why', '--chart', chartId, '--json'], known());
    expect(whyAnswer.parse(JSON.parse(byId.out)).subject).toMatchObject({ id: chartId });
  });

  it('asks the demo of the folder when nothing else is said', async () => {
    const { projectId, apiKey } = gateway.acme;
    writeFileSync(path.join(folder, 'demo.json'), JSON.stringify({ url: gateway.url, apiKey, projectId }));
    expect(await freshet(['why', 'daily_sessions'])).toMatchObject({ code: 0, complaint: '' });
    const elsewhere = await freshet(['why', 'daily_sessions', '--url', 'http://127.0.0.1:1']);
    expect(elsewhere).toMatchObject({ code: 2, complaint: expect.stringContaining('No API key is known') });
    rmSync(path.join(folder, 'demo.json'));
  });

  it.each([
    ['for a name nobody has', ['daily_session'], 3, /Did you mean daily_sessions\?/],
    ['for a title that two charts have', ['visits'], 2, /could be several.*\n +\d+ {2}chart in .* \/ First/],
    ['for a project nobody has', ['x', '--project', 'nowhere'], 3, /no project "nowhere"/],
    ['with a key nobody knows', ['x', '--key', 'fk_0'], 4, /does not know this API key/],
  ])('%s ends with a sentence and its code', async (_, args, code, complaint) => {
    const outcome = await freshet(['why', ...args], known());
    expect(outcome).toEqual({ code, out: '', complaint: expect.stringMatching(complaint) });
  });

  it('sees the models of its own organization alone', async () => {
    const answer = await freshet(['why', 'daily_sessions', '--key', gateway.globex.apiKey], known());
    expect(answer).toMatchObject({ code: 3, out: '' });
  });
});
