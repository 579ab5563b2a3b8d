/** Builds the planned projects in a running Freshet: sources with their first sync, models with their first version. */
import type { Source } from '@freshet/contracts';
import type { ApiClient } from '@freshet/sdk';
import { waitFor, type FileServer } from '@freshet/testing';
import type { Random } from '../harness/random';
import { Calls } from './calls';
import type { Disturbances } from './disturbances';
import type { Findings } from './findings';
import type { PlannedModel, PlannedProject } from './plan';
import { SourceFile } from './source-file';

export interface LiveSource {
  id: string;
  slug: string;
  /** As people write it in SQL. */
  table: string;
  /** On the file server. */
  path: string;
  file: SourceFile;
}

export interface LiveModel {
  id: string;
  plan: PlannedModel;
}

export interface LiveProject {
  id: string;
  plan: PlannedProject;
  calls: Calls;
  sources: LiveSource[];
  models: LiveModel[];
}

export interface SetUpParts {
  accounts: readonly ApiClient[];
  plans: readonly PlannedProject[];
  files: FileServer;
  random: Random;
  disturbances: Disturbances;
  findings: Findings;
}

export const setUp = (parts: SetUpParts): Promise<LiveProject[]> =>
  Promise.all(parts.plans.map((plan, place) => setUpProject(parts, plan, place)));

const setUpProject = async (parts: SetUpParts, plan: PlannedProject, place: number): Promise<LiveProject> => {
  const { accounts, files, random, disturbances, findings } = parts;
  const api = accounts[plan.organization];
  if (!api) throw new Error(`There is no organization ${plan.organization}.`);
  const { id } = await api.call('createProject', { body: { name: plan.name } });
  const params = { projectId: id };
  if (plan.together) await api.call('updateProject', { params, body: { publishMode: 'together' } });
  const sources: LiveSource[] = [];
  for (const { slug, rows } of plan.sources) {
    const file = new SourceFile(random, rows);
    const path = `/${place}-${slug}/facts.csv`;
    const url = files.serve(path, file.text);
    const schedule = { kind: 'interval' as const, every: 60 };
    const body = { type: 'file' as const, name: slug, slug, config: { url, key: ['id'] }, schedule };
    const source: Source = await api.call('createSource', { params, body });
    await firstSync(api, source.id);
    sources.push({ id: source.id, slug, table: `${slug}.facts`, path, file });
  }
  const models: LiveModel[] = [];
  for (const model of plan.models) {
    const { name, sql, guards, updatesOn } = model;
    const created = await api.call('createModel', { params, body: { name, sql, guards, updatesOn } });
    await firstVersion(api, created.id);
    models.push({ id: created.id, plan: model });
  }
  return { id, plan, calls: new Calls(api, disturbances, findings), sources, models };
};

const firstSync = (api: ApiClient, id: string): Promise<true> =>
  waitFor(async () => (await api.call('getSource', { params: { id } })).lastSyncAt !== null, {
    timeout: 60_000,
    interval: 100,
    what: `source ${id} to be synced`,
  });

const firstVersion = (api: ApiClient, id: string): Promise<true> =>
  waitFor(async () => (await api.call('getModel', { params: { id } })).version !== null, {
    timeout: 60_000,
    interval: 100,
    what: `model ${id} to be built`,
  });
