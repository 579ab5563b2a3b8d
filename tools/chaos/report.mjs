/** Writes down what a run did and found: a table to read, JSON to keep, and the evidence when something was found. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { machine } from '../bench/report.mjs';
import { workspace } from '../host/workspace.mjs';

const list = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || '–';
const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const seconds = (milliseconds) => (milliseconds === null ? '–' : `${(milliseconds / 1000).toFixed(1)} s`);

/** A Markdown table, so that it can be pasted into docs/reliability.md. */
export function tableOf({ figures, findings, verify }) {
  const { recovery } = figures;
  const rows = [
    ['sync runs', `${total(figures.syncs)} (${list(figures.syncs)})`],
    ['refreshes', `${total(figures.refreshes)} (${list(figures.refreshes)})`],
    ['published; kept as unchanged', `${figures.published}; ${figures.unchanged}`],
    ['kills', `${figures.kills} (${list(figures.killsOf)}; ${total(figures.failpointKills)} at failpoints)`],
    ['failpoints that struck', list(figures.failpointKills)],
    ['stops longer than the lease', list(figures.stops)],
    ['Redis losses; PostgreSQL stops', `${figures.redisLosses}; ${figures.postgresStops}`],
    ['dropped replies', list(figures.dropped)],
    ['connections reset; network faults', `${figures.connectionsReset}; ${list(figures.networkFaults)}`],
    ['locks in the way', String(figures.locksHeld)],
    ['reads; without an answer in a fault', `${figures.reads}; ${figures.readsDuringFaultsWithoutAnswer}`],
    ['lost updates; published twice', `${figures.lostUpdates}; ${figures.publishedTwice}`],
    [
      'recovery p50; p95; longest',
      `${seconds(recovery.p50)}; ${seconds(recovery.p95)}; ${seconds(recovery.max)} (${recovery.shocks} times)`,
    ],
    ['verify', verify ? `${verify.violated} findings` : 'not run'],
    ['findings', String(findings.length)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = ([name, value]) => `| ${name.padEnd(width)} | ${value} |`;
  return [line(['what', 'count']), `| ${'-'.repeat(width)} | ----- |`, ...rows.map(line)].join('\n');
}

/** A Markdown table of `npm run chaos -- --connectors`. */
export function stormTable(reports) {
  const lines = reports.map(
    ({ type, kills, faults, runs, rows, differences, seconds: took }) =>
      `| ${type} | ${kills} | ${faults} | ${runs} | ${rows} | ${differences.length} | ${took} s |`,
  );
  return [
    '| connector | kills | faults | syncs | rows | tables that differ | took |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** A Markdown table of `npm run chaos -- --quota`. */
export function quotaTable({ asked, parked, mostParked, ...report }) {
  const rows = [
    ['properties × reports × days', `${report.properties} × ${report.reports} × ${report.days}`],
    ['hours at the vendor; real time', `${report.vendorHours} h; ${report.seconds} s`],
    ['reports given; refused by a quota; given again', `${asked.given}; ${asked.refused}; ${asked.again}`],
    ['tokens; of one property at most', `${report.tokens}; ${report.mostTokens}`],
    ['runs parked; one run at most', `${parked} times; ${mostParked} times`],
    ['failed runs', String(report.failed)],
    ['rows; tables that differ from the truth', `${report.rows}; ${report.differences.length}`],
  ];
  return ['| what | count |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  );
}

/** Returns the file's name within the checkout. */
export function writeReport({ evidence, ...report }) {
  const dist = path.join(workspace, 'dist');
  const file = path.join(dist, `chaos-${report.seed}.json`);
  mkdirSync(dist, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...report, machine: machine() }, undefined, 2)}\n`);
  const folder = path.join(dist, `chaos-${report.seed}-evidence`);
  for (const [name, text] of Object.entries(evidence)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return path.relative(workspace, file);
}
