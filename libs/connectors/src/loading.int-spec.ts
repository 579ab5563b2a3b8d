import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const workspace = path.resolve(__dirname, '../../..');

/** Packages that were loaded, as a program in a process of its own tells them. */
const preamble = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/;
  registerHooks({ load: (url, context, next) => { loaded.add(name.exec(url)?.[1]); return next(url, context); } });
`;

let folder = '';

/** Runs a program with a module of ours, built as services are, as `ours`. @returns what it prints, as JSON */
const inProcess = async (entry: string, program: string): Promise<unknown> => {
  const outfile = path.join(folder, `${path.basename(entry)}.mjs`);
  await build({
    entryPoints: [path.join(__dirname, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    tsconfig: path.join(workspace, 'tsconfig.base.json'),
  });
  const text = `${preamble} const ours = await import(${JSON.stringify(outfile)}); ${program}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', text], { cwd: workspace });
  return JSON.parse(stdout);
};

beforeAll(async () => {
  // Below the workspace, so that packages are found.
  await mkdir(path.join(workspace, 'dist'), { recursive: true });
  folder = await mkdtemp(path.join(workspace, 'dist/loading-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('client libraries of vendors', () => {
  it('are not loaded by the list of connectors', async () => {
    const loaded = await inProcess('registry.ts', 'console.log(JSON.stringify([...loaded]))');
    expect(loaded).toContain('zod');
    const vendors = /google|axios|gaxios|klaviyo|facebook/;
    expect((loaded as (string | null)[]).filter((name) => name !== null && vendors.test(name))).toEqual([]);
  });
});

describe('the client library of Google Ads', () => {
  let vendor: Server;
  let url = '';

  beforeAll(async () => {
    vendor = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ results: [{ customer: { id: '7' } }], fieldMask: 'customer.id' }));
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => vendor.close(resolve)));

  it('searches without the classes of gRPC, and finds them when they are used', async () => {
    const told = await inProcess(
      'google-ads/ads-library.ts',
      `
      const exchange = { baseUrl: ${JSON.stringify(url)}, signal: AbortSignal.timeout(20_000), maxBytes: 1_000, answer: null };
      const { result } = await ours.exchanging(exchange, ({ GoogleAdsApi }) => {
        const api = new GoogleAdsApi({ client_id: 'a', client_secret: 'b', developer_token: 'c', disable_parsing: true });
        const customer = api.Customer({ customer_id: '7', login_customer_id: '7', refresh_token: '' });
        customer.getAccessToken = async () => 'token';
        return customer.query('SELECT customer.id FROM customer', { search_settings: { return_total_results_count: true } });
      });
      const before = loaded.has('google-ads-node');
      const { createRequire } = await import('node:module');
      const { errors } = createRequire(${JSON.stringify(path.join(workspace, 'package.json'))})('google-ads-api');
      const failure = errors.GoogleAdsFailure.fromObject({ request_id: 'r1' });
      const found = new errors.GoogleAdsFailure({ request_id: 'r2' });
      console.log(JSON.stringify({ result, before, ids: [failure.request_id, found.request_id], after: loaded.has('google-ads-node') }));
      `,
    );
    expect(told).toEqual({
      result: [{ customer: { id: '7' } }],
      before: false,
      ids: ['r1', 'r2'],
      after: true,
    });
  });
});
