/**
 * Fills an empty installation with the demo, through the REST API like any other service. Its last line of output is a
 * JSON object with what is needed to sign in, or `{}` when the demo was there already.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { ApiClient } from '@freshet/sdk';
import { baseEnv, readEnv } from '@freshet/service-kit';
import { z } from 'zod';
import { ensureDemoAccess, type DemoAccess } from './demo/demo-access';
import { demoDashboards, demoModels, demoSources } from './demo/demo-content';

const env = readEnv(
  baseEnv.extend({
    FRESHET_GATEWAY_URL: z.url(),
    FRESHET_DEMO_FILES_URL: z.url(),
    FRESHET_DEMO_ACCESS: z.string().default(''),
  }),
);

type Seeded = DemoAccess & { projectId: string };

const whatIsThere = async (): Promise<boolean> => {
  if (!env.FRESHET_DEMO_ACCESS) return false;
  const { apiKey, projectId } = JSON.parse(env.FRESHET_DEMO_ACCESS) as Partial<Seeded>;
  if (!apiKey || !projectId) return false;
  const me = await new ApiClient(env.FRESHET_GATEWAY_URL, { apiKey }).call('me').catch(() => null);
  return me !== null;
};

const seed = async (): Promise<Seeded> => {
  const access = await ensureDemoAccess(env.DATABASE_URL);
  const api = new ApiClient(env.FRESHET_GATEWAY_URL, access);
  const projectId = await ensureProject(api);
  await ensureSources(api, projectId);
  await ensureModels(api, projectId);
  await ensureDashboards(api, projectId);
  await untilBuilt(api, projectId);
  return { ...access, projectId };
};

const ensureProject = async (api: ApiClient): Promise<string> => {
  const { items } = await api.call('listProjects');
  const project =
    items.find(({ slug }) => slug === 'tour') ??
    (await api.call('createProject', { body: { name: 'Tour', slug: 'tour' } }));
  return project.id;
};

const ensureSources = async (api: ApiClient, projectId: string): Promise<void> => {
  const { items } = await api.call('listSources', { params: { projectId } });
  for (const { slug, name, file, key, mode } of demoSources) {
    if (items.some((source) => source.slug === slug)) continue;
    const config = {
      url: `${env.FRESHET_DEMO_FILES_URL}/${file}`,
      ...(key && { key }),
      ...(mode && { mode }),
    };
    await api.call('createSource', { params: { projectId }, body: { type: 'file', name, slug, config } });
  }
  await until('every table of the demo is loaded', async () => {
    const sources = await api.call('listSources', { params: { projectId } });
    const failed = sources.items.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`${failed.name} could not be synced: ${failed.statusReason ?? ''}`);
    return sources.items.every(({ lastSyncAt }) => lastSyncAt !== null);
  });
};

const ensureModels = async (api: ApiClient, projectId: string): Promise<void> => {
  const { items } = await api.call('listModels', { params: { projectId } });
  for (const body of demoModels) {
    if (!items.some(({ name }) => name === body.name))
      await api.call('createModel', { params: { projectId }, body });
  }
};

const ensureDashboards = async (api: ApiClient, projectId: string): Promise<void> => {
  const { items } = await api.call('listDashboards', { params: { projectId } });
  for (const body of demoDashboards) {
    if (!items.some(({ slug }) => slug === body.slug))
      await api.call('createDashboard', { params: { projectId }, body });
  }
};

const untilBuilt = (api: ApiClient, projectId: string): Promise<void> =>
  until('every model of the demo is built', async () => {
    const { items } = await api.call('listModels', { params: { projectId } });
    const failed = items.find(({ status }) => status === 'FAILED');
    if (failed) throw new Error(`${failed.name} could not be built: ${failed.error?.message ?? ''}`);
    return items.every(({ version }) => version !== null);
  });

const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
  for (const last = Date.now() + 120_000; !(await done()); await wait(200)) {
    if (Date.now() > last)
      throw new Error(`It takes too long until ${what}; the services' logs may say why.`);
  }
};

console.log(JSON.stringify((await whatIsThere()) ? {} : await seed()));
