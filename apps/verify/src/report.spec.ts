import { pending, violated, type Finding } from './invariant';
import { describeReport, verdictOf } from './report';
import type { Report } from './verify';

const report = (checked: number, findings: Finding[] = [], failures: string[] = []): Report => ({
  at: '2026-03-01T12:00:00.000Z',
  projects: 2,
  invariants: [
    { invariant: { name: 'no-overlaps', says: 'One at a time.' }, checked, findings, failures, notes: ['A note.'] },
  ],
}); // prettier-ignore

describe('the report', () => {
  it('says that an invariant holds, or that it looked at nothing', () => {
    expect(describeReport(report(12))).toMatch(/no-overlaps +12 +holds +One at a time\./);
    expect(describeReport(report(0))).toMatch(/no-overlaps +0 +looked at nothing/);
    expect(verdictOf(report(12)).exitCode).toBe(0);
  });

  it('tells each finding as its sentence, and ends with 1', () => {
    const found = report(2, [violated('It is wrong.'), pending('It is due soon.')]);
    expect(describeReport(found)).toMatch(
      /1 FINDING, 1 not yet[^]*Found:\n {2}· no-overlaps: It is wrong\.[^]*Not yet:\n.*due soon/,
    );
    expect(verdictOf(found)).toEqual({ violated: 1, pending: 1, failures: 0, exitCode: 1 });
  });

  it('is no fault while something is only not yet due', () => {
    expect(verdictOf(report(2, [pending('It is due soon.')])).exitCode).toBe(0);
  });

  it('ends with 2 when something could not be checked, which is not the same as clean', () => {
    const unchecked = report(2, [], ['The rows could not be counted.']);
    expect(describeReport(unchecked)).toContain('Could not be checked:\n  · The rows could not be counted.');
    expect(verdictOf(unchecked).exitCode).toBe(2);
  });

  it('does not drown in findings', () => {
    const many = Array.from({ length: 60 }, (_, n) => violated(`Wrong ${n}.`));
    expect(describeReport(report(60, many))).toContain('no-overlaps: and 10 more.');
  });
});
