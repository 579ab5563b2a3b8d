/** Writes down what was measured: a table to read, and JSON to compare runs by. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import path from 'node:path';

import { workspace } from '../host/workspace.mjs';

const withUnit = (value, unit) => `${value.toFixed(unit === 'ms' ? 1 : 2)} ${unit}`;

export const goalOf = ({ atLeast, atMost, unit }) =>
  atLeast === undefined ? `≤ ${atMost} ${unit}` : `≥ ${atLeast} ${unit}`;

/** `{value, met}` as words. */
export function verdictOf(outcome) {
  if (outcome.error) return { value: '—', met: 'failed' };
  return { value: withUnit(outcome.value, outcome.goal.unit), met: outcome.met ? 'yes' : 'no' };
}

/** A Markdown table, so that it can be pasted into docs/benchmarks.md. */
export function tableOf(outcomes) {
  const rows = outcomes.map((outcome) => {
    const { value, met } = verdictOf(outcome);
    return [outcome.name, goalOf(outcome.goal), value, met, outcome.error ?? outcome.detail];
  });
  const table = [['case', 'goal', 'value', 'met', 'detail'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(table[0]), rule, ...table.slice(1).map(line)].join('\n');
}

export function machine() {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    platform: platform(),
    node: process.version,
    loadAverage: loadavg().map((value) => Number(value.toFixed(1))),
  };
}

export function writeReport(report) {
  const file = path.join(workspace, 'dist/bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...report, commit: commit() }, undefined, 2)}\n`);
  return path.relative(workspace, file);
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: workspace, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
