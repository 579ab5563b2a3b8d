/** The answer for a person at a terminal: a table of what was held against what, then each finding as a sentence. */
import type { InvariantReport, Report } from './verify';

export interface Verdict {
  violated: number;
  pending: number;
  failures: number;
  /** 0 clean, 1 findings, 2 something could not be checked. */
  exitCode: 0 | 1 | 2;
}

const count = ({ findings }: InvariantReport, wanted: 'violated' | 'pending'): number =>
  findings.filter(({ verdict }) => verdict === wanted).length;

export const verdictOf = ({ invariants }: Report): Verdict => {
  const sum = (of: (each: InvariantReport) => number): number =>
    invariants.reduce((total, each) => total + of(each), 0);
  const violated = sum((each) => count(each, 'violated'));
  const failures = sum((each) => each.failures.length);
  return {
    violated,
    pending: sum((each) => count(each, 'pending')),
    failures,
    exitCode: violated ? 1 : failures ? 2 : 0,
  };
};

const resultOf = (report: InvariantReport): string => {
  const violated = count(report, 'violated');
  const waiting = count(report, 'pending');
  const parts = [
    violated ? `${violated} ${violated === 1 ? 'FINDING' : 'FINDINGS'}` : '',
    waiting ? `${waiting} not yet` : '',
    report.failures.length ? `${report.failures.length} not checked` : '',
  ].filter(Boolean);
  if (parts.length) return parts.join(', ');
  return report.checked === 0 ? 'looked at nothing' : 'holds';
};

const tableOf = (reports: readonly InvariantReport[]): string[] => {
  const rows = reports.map((report) => [
    report.invariant.name,
    String(report.checked),
    resultOf(report),
    report.invariant.says,
  ]);
  const head = ['invariant', 'checked', 'result', 'what it says'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 1 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length ? ['', title, ...lines.map((each) => `  · ${each}`)] : [];

const most = 50;

const sentences = (reports: readonly InvariantReport[], wanted: 'violated' | 'pending'): string[] =>
  reports.flatMap(({ invariant, findings }) => {
    const told = findings
      .filter(({ verdict }) => verdict === wanted)
      .map(({ sentence }) => `${invariant.name}: ${sentence}`);
    return told.length <= most
      ? told
      : [...told.slice(0, most), `${invariant.name}: and ${told.length - most} more.`];
  });

export const describeReport = (report: Report): string => {
  const { violated, pending, failures } = verdictOf(report);
  const verdict =
    violated || failures
      ? `${violated} found, ${failures} not checked, ${pending} not yet due.`
      : `Nothing found${pending ? `; ${pending} not yet due, which is no fault` : ''}.`;
  return [
    ...tableOf(report.invariants),
    ...section('Found:', sentences(report.invariants, 'violated')),
    ...section(
      'Could not be checked:',
      report.invariants.flatMap(({ failures: each }) => each),
    ),
    ...section('Not yet:', sentences(report.invariants, 'pending')),
    ...section(
      'Notes:',
      report.invariants.flatMap(({ notes }) => notes),
    ),
    '',
    `${report.projects} ${report.projects === 1 ? 'project' : 'projects'} at ${report.at}: ${verdict}`,
  ].join('\n');
};
