/** One run: set up, act and read while faults strike, stop the faults, and hold everything against the truth. */
import 'reflect-metadata';
import { setTimeout as moment } from 'node:timers/promises';
import { pick, seeded } from '../harness/random';
import { createAccounts } from './accounts';
import { keepActing } from './activity';
import { Disturbances } from './disturbances';
import { Deck, faults } from './faults/deck';
import type { FaultParts } from './faults/fault';
import { figuresOf, type Figures } from './figures';
import { evidenceOf } from './evidence';
import { Findings, type Finding } from './findings';
import { startInstallation, type Installation } from './installation';
import { planProjects, type PlanSize } from './plan';
import { keepReading } from './readers';
import type { Shock } from './recovery';
import { repair } from './repair';
import { untilQuiet, untilUpToDate } from './rest';
import { setUp, type LiveProject } from './set-up';
import {
  expectModels,
  expectNoForgottenSessions,
  expectNothingTwice,
  expectReasons,
  expectTables,
} from './truth';
import { runVerify, type Verdict } from './verify-run';

export interface ChaosOptions {
  seed: number;
  /** How long faults strike. */
  seconds: number;
  size: PlanSize;
  /** Deals each fault about once, faster: for a run of seconds. */
  short: boolean;
  /** Whether `verify` has the last word. */
  verify: boolean;
  tell: (line: string) => void;
}

export interface ChaosReport {
  seed: number;
  seconds: number;
  findings: readonly Finding[];
  figures: Figures;
  verify: Verdict | null;
  /** File name → text: what services wrote and what the control plane knows. Only when something was found. */
  evidence: Record<string, string>;
}

/** Milliseconds within which everything has to be done once faults have stopped. */
const restBound = 120_000;
/** Before that has passed, what failed may be tried again; in a short run what still waits then is judged with the rest. */
const longestBackoff = 9_000;
/** Faults that last overlap at most so many times. */
const atOnce = 2;

export const runChaos = async (options: ChaosOptions): Promise<ChaosReport> => {
  const startedAt = Date.now();
  const tell = (line: string): void =>
    options.tell(`${String(((Date.now() - startedAt) / 1_000).toFixed(1)).padStart(7)} s  ${line}`);
  const findings = new Findings(tell);
  const disturbances = new Disturbances();
  const shocks: Shock[] = [];
  const shock = (what: string): void => void shocks.push({ what, at: Date.now() });
  const installation = await startInstallation({
    disturbances,
    findings,
    onKill: (what) => (tell(`  killed: ${what}`), shock(what)),
  });
  try {
    const { seed, seconds } = options;
    const accounts = await createAccounts(installation.service('gateway').url, installation.pool);
    const plans = planProjects(seeded(seed), options.size);
    const { files } = installation;
    const projects = await setUp({
      accounts,
      plans,
      files,
      random: seeded(seed + 1),
      disturbances,
      findings,
    });
    tell(
      `${plans.length} projects, ${plans.reduce((sum, { models }) => sum + models.length, 0)} models stand`,
    );
    const parts = { installation, disturbances, findings, random: seeded(seed + 2), shock };
    await storm(options, parts, projects, tell);
    const verdict = await judge(options, installation, projects, findings, tell);
    return {
      seed,
      seconds,
      findings: findings.list,
      figures: await figuresOf(installation.pool, findings, shocks),
      verify: verdict,
      evidence: findings.list.length ? await evidenceOf(installation) : {},
    };
  } finally {
    await installation.close();
  }
};

const storm = async (
  { seed, seconds, short }: ChaosOptions,
  parts: FaultParts,
  projects: readonly LiveProject[],
  tell: (line: string) => void,
): Promise<void> => {
  const stop = new AbortController();
  const { installation, findings, random } = parts;
  const { files, pool } = installation;
  const known = new Map<string, string>();
  const people = projects.flatMap((project, place) => [
    keepActing({ project, files, pool, findings, random: seeded(seed + 100 + place) }, stop.signal),
    keepReading({ project, findings, known, random: seeded(seed + 200 + place) }, stop.signal),
  ]);
  const deck = new Deck(random, short);
  const under = new Set<Promise<void>>();
  const end = Date.now() + 1_000 * seconds;
  while (Date.now() < end) {
    const name = deck.next();
    const fault = faults[name](parts).then(
      (what) => tell(`  ${name}: ${what}`),
      (error: Error) => findings.add(`The fault ${name} could not be brought about: ${error.message}`),
    );
    const done = fault.finally(() => under.delete(done));
    under.add(done);
    await moment(short ? 300 + pick(random, 600) : 800 + pick(random, 4_000));
    while (under.size >= atOnce) await Promise.race(under);
  }
  await Promise.all(under);
  stop.abort();
  await Promise.all(people);
  await Promise.all(installation.services.map((service) => service.settle()));
};

/** First what chaos has left by itself, then what is left after a repair; each failure to get there is a finding. */
const judge = async (
  options: ChaosOptions,
  installation: Installation,
  projects: readonly LiveProject[],
  findings: Findings,
  tell: (line: string) => void,
): Promise<Verdict | null> => {
  const { pool, files, env } = installation;
  const step = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    tell(what);
    await work().catch((error: Error) => findings.add(`${what}: ${error.message}`));
  };
  const each = (work: (project: LiveProject) => Promise<unknown>): Promise<unknown> =>
    Promise.all(projects.map(work));
  const rest = { pool, projects, bound: restBound, quietFor: options.short ? 3_000 : longestBackoff };
  await step('Faults are over; everything comes to rest', () => untilQuiet(rest));
  await step('What chaos left is held against the truth', async () => {
    await each((project) => expectTables(project, findings, { latest: false }));
    await each((project) => expectModels(project, pool, findings));
    await each((project) => expectReasons(project, pool, findings));
  });
  await step('Everything is repaired and synced', () => each((project) => repair(project, files)));
  await step('All models become up to date', () => untilUpToDate(rest));
  await step('The end is held against the truth', async () => {
    await each((project) => expectTables(project, findings, { latest: true }));
    await each((project) => expectModels(project, pool, findings));
    await expectNothingTwice(projects, pool, findings);
    await expectNoForgottenSessions(pool, findings);
  });
  if (!options.verify) return null;
  let verdict: Verdict | null = null;
  await step('Records and data are verified', async () => {
    verdict = await runVerify(env);
    for (const sentence of verdict.sentences) findings.add(`verify: ${sentence}`);
  });
  return verdict;
};
