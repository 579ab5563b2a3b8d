/** The answer to "why" as a page for a terminal. */
import type { WhyAnswer } from '@freshet/contracts';
import { spokenTime, wrapText } from '../wrap-text';

export function formatWhy(answer: WhyAnswer, { now, width }: { now: Date; width: number }): string {
  const blocks = [
    wrapText(answer.sentence, width),
    section('Models, the nearest first', answer.models.map((model) => modelLines(model, now, width))),
    section('Tables', answer.tables.map((table) => tableLines(table, now, width))),
    section('As of', answer.asOf.map((asOf) => asOfLine(asOf, now, width))),
  ]; // prettier-ignore
  return blocks.filter(Boolean).join('\n\n');
}

const section = (title: string, entries: readonly string[]): string =>
  entries.length === 0 ? '' : [title, ...entries].join('\n');

const below = { first: '    ', rest: '    ' };

function modelLines(
  { name, version, publishedAt, owed, why, lastRefresh }: WhyAnswer['models'][number],
  now: Date,
  width: number,
): string {
  const shown =
    version === null ? 'not built yet' : `version ${version}, published ${spokenTime(publishedAt, now)}`;
  const lines = [
    wrapText(`${name}: ${shown}${owed ? ', owed' : ''}`, width, { first: '  ', rest: '    ' }),
    wrapText(why, width, below),
  ];
  if (lastRefresh) {
    const { id, status, completedAt } = lastRefresh;
    const when = completedAt === null ? 'under way' : spokenTime(completedAt, now);
    lines.push(wrapText(`last refresh ${id}: ${status}, ${when}: ${lastRefresh.why}`, width, below));
  }
  return lines.join('\n');
}

function tableLines(
  { name, shown, current, movedBy }: WhyAnswer['tables'][number],
  now: Date,
  width: number,
): string {
  const revision =
    shown === null
      ? `revision ${current}, not shown yet`
      : shown === current
        ? `revision ${current}`
        : `revision ${shown} shown, ${current} now`;
  const moved = movedBy
    ? `; last changed by sync run ${movedBy.runId} (${movedBy.trigger}), ${movedBy.completedAt === null ? 'still going on' : spokenTime(movedBy.completedAt, now)}`
    : '';
  return wrapText(`${name}: ${revision}${moved}`, width, { first: '  ', rest: '    ' });
}

function asOfLine(
  { sourceId, fromRunId, toRunId, completedAt }: WhyAnswer['asOf'][number],
  now: Date,
  width: number,
): string {
  const runs =
    fromRunId === toRunId
      ? `sync run ${toRunId ?? '–'}`
      : `sync runs ${fromRunId ?? '–'} to ${toRunId ?? '–'}`;
  return wrapText(`source ${sourceId}: ${runs}, completed ${spokenTime(completedAt, now)}`, width, {
    first: '  ',
    rest: '    ',
  });
}
