/** The working copy of a growing file: how much of it is published, and the next part. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { writeWhole } from '../start/remembered.mjs';
import { growing } from './datasets.mjs';

/** This share of the dates is there at first, so that a newcomer sees charts with a past. */
const PUBLISHED_AT_FIRST = 0.8;

const datesOf = (rows) => [...new Set(rows.map(({ date }) => date))];

const contentOf = ({ header }, rows) =>
  [...(header ? [header] : []), ...rows.map(({ line }) => line), ''].join('\n');

/** How many of the dates a tick leaves published: the next few, or the first share again after the last. */
export function nextCount(dates, published, perTick) {
  const startsOver = published >= dates;
  return { count: startsOver ? firstCount(dates) : Math.min(published + perTick, dates), startsOver };
}

export const firstCount = (dates) => Math.ceil(dates * PUBLISHED_AT_FIRST);

/** Writes the files that are not there yet. */
export function publishFirst(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, dataset] of Object.entries(growing)) {
    if (existsSync(path.join(folder, name))) continue;
    const rows = dataset.rows();
    const dates = datesOf(rows);
    write(folder, name, rows, dates, firstCount(dates.length));
  }
}

/** Publishes the next dates of one file at once. Returns `{added, from, to, startsOver}`; `added` counts rows. */
export function publishNext(folder, name) {
  const dataset = growing[name];
  const rows = dataset.rows();
  const dates = datesOf(rows);
  const before = countPublished(folder, name);
  const published = rows[before - 1] ? dates.indexOf(rows[before - 1].date) + 1 : 0;
  const { count, startsOver } = nextCount(dates.length, published, dataset.datesPerTick);
  const after = write(folder, name, rows, dates, count);
  return { added: after - before, from: dates[startsOver ? 0 : published], to: dates[count - 1], startsOver };
}

function countPublished(folder, name) {
  const lines = readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n').length;
  return lines - (growing[name].header ? 1 : 0);
}

function write(folder, name, rows, dates, count) {
  const shown = rows.filter(({ date }) => date <= dates[count - 1]);
  writeWhole(path.join(folder, name), contentOf(growing[name], shown), 0o644);
  return shown.length;
}
