/**
 * `npm run demo:tick [stocks|weather|flights …]`: lets the demo's world go on. Appends the next real rows to the files,
 * asks Freshet to sync their sources, and tells what each sync did; the rest can be watched on the dashboards.
 */
import path from 'node:path';

import { Plain, explain } from '../host/stop-with-sentence.mjs';
import { dataFolder } from '../host/workspace.mjs';
import { readJson } from '../start/remembered.mjs';
import { growing } from './datasets.mjs';
import { publishNext } from './published-file.mjs';

const baseName = (file) => file.replace(/\.\w+$/, '');

try {
  await tick(wantedFiles(process.argv.slice(2)));
} catch (error) {
  process.exitCode = explain(error);
}

function wantedFiles(names) {
  const all = Object.keys(growing);
  if (names.length === 0) return all;
  return names.map((name) => {
    const file = all.find((one) => one === name || baseName(one) === name);
    if (!file)
      throw new Plain(`There is no growing file "${name}": choose from ${all.map(baseName).join(', ')}.`);
    return file;
  });
}

async function tick(files) {
  const folder = dataFolder();
  const access = readJson(path.join(folder, 'demo.json'));
  if (!access)
    throw new Plain(`No demo is ready in ${folder}: run npm start first, with the same FRESHET_DATA_DIR.`);
  const { items: sources } = await call(access, 'GET', `/api/projects/${access.projectId}/data-sources`);
  for (const file of files) {
    const { added, from, to, startsOver } = publishNext(path.join(folder, 'demo-files'), file);
    if (startsOver)
      console.log(`${file}: all of it was published, so it starts over with its first part, up to ${to}`);
    else console.log(`${file}: ${added} rows of ${from === to ? to : `${from} to ${to}`} appended`);
  }
  for (const file of files)
    for (const source of sources.filter(
      ({ slug, config }) => slug === baseName(file) || config?.url?.endsWith(`/${file}`),
    ))
      await syncAndTell(access, source);
}

async function syncAndTell(access, { id, name }) {
  const { runId } = await call(access, 'POST', `/api/data-sources/${id}/sync`, {});
  const done = await completed(access, runId);
  const { inserted, updated, unchanged, deleted } = done.records;
  console.log(
    `${name}: ${done.status.toLowerCase()}: ${inserted} inserted, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`,
  );
  if (done.error) console.log(`  ${done.error.message}`);
}

async function completed(access, runId) {
  for (const last = Date.now() + 60_000; ;) {
    const found = await call(access, 'GET', `/api/sync-runs/${runId}`);
    if (found.completedAt) return found;
    if (Date.now() > last)
      throw new Plain(`The sync ${runId} is still ${found.status} after a minute: see its page.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function call({ url, apiKey }, method, route, body) {
  let answer;
  try {
    answer = await fetch(url + route, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Plain(`Freshet does not answer at ${url}: run npm start first.`);
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Plain(`${method} ${route} answered ${answer.status}: ${content.detail ?? content.title ?? ''}`);
  return content;
}
