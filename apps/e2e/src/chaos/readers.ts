/**
 * Reads all the while, as dashboards do, and holds what comes against what can be true: no error without a fault, never
 * nothing, each version always with the same content, each total that of one generation of the file.
 */
import { setTimeout as moment } from 'node:timers/promises';
import type { QueryResult } from '@freshet/contracts';
import { pick, type Random } from '../harness/random';
import type { Findings } from './findings';
import type { LiveModel, LiveProject, LiveSource } from './set-up';

export interface ReaderParts {
  project: LiveProject;
  random: Random;
  findings: Findings;
  /** Content of each version that was ever read, by model and version; shared by all readers. */
  known: Map<string, string>;
}

const modelQuery = (name: string): string =>
  `SELECT count(*), sum(n), sum(s)::numeric(20, 2), max(gen), md5(string_agg(bucket || ':' || n || ':' || s || ':' || gen, ',' ORDER BY bucket, n, s, gen)) FROM ${name}`;

export const keepReading = async (parts: ReaderParts, stop: AbortSignal): Promise<void> => {
  while (!stop.aborted) {
    const { project, random } = parts;
    const what = pick(random, 10);
    if (what === 0) await readSource(parts, project.sources[pick(random, project.sources.length)]);
    else if (what < 4 && project.plan.together) await readTogether(parts);
    else await readModel(parts, project.models[pick(random, project.models.length)]);
    await moment(20 + pick(random, 60));
  }
};

/** Reads go on while services that write are down: only what the gateway needs explains an error. */
const query = async ({ project, findings }: ReaderParts, sql: string): Promise<QueryResult | undefined> => {
  findings.count('reads');
  const params = { projectId: project.id };
  const result = await project.calls.try('runQuery', { params, body: { sql } }, ['gateway', 'postgres']);
  if (result) return result;
  findings.count('reads without an answer');
  // As a page that shows an error, and is asked again.
  await moment(300);
  return undefined;
};

const readModel = async (parts: ReaderParts, model: LiveModel | undefined): Promise<void> => {
  if (!model) return;
  const { name, of } = model.plan;
  const result = await query(parts, modelQuery(name));
  if (!result) return;
  const [count, n, s, gen, digest] = (result.rows[0] ?? []).map(String);
  const version = `${model.id} v${result.versions[model.id]}`;
  if (count === '0') return parts.findings.add(`Model ${name} (${version}) was read empty.`);
  const content = [count, digest].join();
  const before = parts.known.get(version);
  if (before !== undefined && before !== content)
    parts.findings.add(`Model ${name} (${version}) was read with two contents: ${before} and ${content}.`);
  parts.known.set(version, content);
  if (of !== null) expectOneGeneration(parts, of, `Model ${name} (${version})`, [n, s, gen]);
};

const readSource = async (parts: ReaderParts, source: LiveSource | undefined): Promise<void> => {
  if (!source) return;
  const result = await query(parts, `SELECT count(*), sum(v)::numeric(20, 2), max(gen) FROM ${source.table}`);
  if (!result) return;
  expectOneGeneration(parts, source.slug, `Table ${source.table}`, (result.rows[0] ?? []).map(String));
};

const expectOneGeneration = (
  { project, findings }: ReaderParts,
  slug: string,
  what: string,
  [n, s, gen]: (string | undefined)[],
): void => {
  const file = project.sources.find((source) => source.slug === slug)?.file;
  const totals = file?.totalsOf(Number(gen));
  if (totals && String(totals.n) === n && totals.s === s) return;
  findings.add(
    `${what} mixes generations: it has ${n} rows of ${s} in all at ${gen}, but that generation has ${totals?.n} of ${totals?.s}.`,
  );
};

/** Two models of one source in one query: published together, they are of one generation, or the result says that they are not. */
const readTogether = async (parts: ReaderParts): Promise<void> => {
  const { project, random, findings } = parts;
  const source = project.sources[pick(random, project.sources.length)];
  const members = project.models.filter(({ plan }) => plan.of !== null && plan.of === source?.slug);
  const [a, b] = [members[pick(random, members.length)], members[pick(random, members.length)]];
  if (!a || !b || a === b) return;
  const result = await query(
    parts,
    `SELECT (SELECT max(gen) FROM ${a.plan.name}), (SELECT max(gen) FROM ${b.plan.name})`,
  );
  findings.count('reads of two models published together', result ? 1 : 0);
  const [one, other] = (result?.rows[0] ?? []).map(String);
  if (one !== other && result && !result.mixed)
    findings.add(
      `${a.plan.name} and ${b.plan.name} are published together, but were read at ${one} and ${other}, unmarked.`,
    );
};
