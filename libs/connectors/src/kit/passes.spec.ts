import fc from 'fast-check';
import { afterSlice, nextSlice, planPass, withSmallerSlices, type StreamProgress } from './passes';

const stream = { slicing: { days: 1, mostDays: 8, historyDays: null }, lookbackDays: 3 };
const shifted = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** Reads slices until the pass ends, or `most` of them. */
const read = (
  start: StreamProgress,
  options: { rows?: number; most?: number } = {},
): { days: string[]; slices: number; end: StreamProgress } => {
  const days: string[] = [];
  let [progress, slices] = [start, 0];
  for (
    let slice = nextSlice(progress);
    slice && slices < (options.most ?? Infinity);
    slice = nextSlice(progress)
  ) {
    for (let day = slice.from; day < slice.to; day = shifted(day, 1)) days.push(day);
    progress = afterSlice(progress, slice, options.rows ?? 10, stream);
    slices += 1;
  }
  return { days, slices, end: progress };
};

describe('a pass', () => {
  it('begins with the first window and ends with today', () => {
    const { days, end } = read(
      planPass(null, { stream, today: '2026-03-10', runId: '1', firstWindowDays: 30 }),
    );
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-02-08', '2026-03-10', 31]);
    expect(end).toMatchObject({ readOn: '2026-03-10', pass: null });
  });

  it('counts the first window from when the run was asked for, and reads up to today', () => {
    const waited = { stream, today: '2026-03-10', askedOn: '2026-03-07', runId: '1', firstWindowDays: 30 };
    const { days, end } = read(planPass(null, waited));
    expect([days[0], days.at(-1), end.readOn]).toEqual(['2026-02-05', '2026-03-10', '2026-03-10']);
    expect(planPass(null, { ...waited, askedOn: '2026-03-11' }).pass?.from).toBe('2026-02-08');
  });

  it('goes back by the lookback from where the last one began', () => {
    const last = { readOn: '2026-03-08', pass: null, days: 1 };
    const { days } = read(planPass(last, { stream, today: '2026-03-10', runId: '2' }));
    expect(days).toEqual([
      '2026-03-05',
      '2026-03-06',
      '2026-03-07',
      '2026-03-08',
      '2026-03-09',
      '2026-03-10',
    ]);
  });

  it('that took days reads again what was not settled when it began', () => {
    const begun = planPass(null, { stream, today: '2026-03-01', runId: '1', firstWindowDays: 10 });
    const parked = read(begun, { most: 2 }).end;
    const resumed = planPass(parked, { stream, today: '2026-03-04', runId: '1' });
    const whole = read(resumed);
    expect(whole.days.at(-1)).toBe('2026-03-04');
    expect(read(planPass(whole.end, { stream, today: '2026-03-05', runId: '2' })).days[0]).toBe('2026-02-26');
  });

  it('is taken over by the next run, unless it reads everything anew', () => {
    const parked = read(planPass(null, { stream, today: '2026-03-01', runId: '1' }), { most: 3 }).end;
    expect(planPass(parked, { stream, today: '2026-03-01', runId: '2' }).pass?.at).toBe(parked.pass?.at);
    const anew = planPass(parked, { stream, today: '2026-03-01', runId: '2', full: true });
    expect(anew.pass).toMatchObject({ run: '2', at: anew.pass?.from });
    const onward = read(anew, { most: 1 }).end;
    expect(planPass(onward, { stream, today: '2026-03-01', runId: '2', full: true })).toEqual(onward);
  });

  it('of a window reads its days, both ends included, and nothing of the future', () => {
    const window = { from: '2026-01-30', to: '2026-02-02' };
    expect(read(planPass(null, { stream, today: '2026-03-01', runId: '1', window })).days).toEqual([
      '2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02',
    ]); // prettier-ignore
    const ahead = { from: '2026-02-28', to: '2026-12-31' };
    expect(read(planPass(null, { stream, today: '2026-03-01', runId: '1', window: ahead })).days).toEqual([
      '2026-02-28', '2026-03-01',
    ]); // prettier-ignore
    const none = { from: '2026-04-01', to: '2026-04-02' };
    expect(() => planPass(null, { stream, today: '2026-03-01', runId: '1', window: none })).toThrow(
      'no days',
    );
  });

  it('asks for no day that the vendor no longer has', () => {
    const short = { ...stream, slicing: { days: 1, mostDays: 8, historyDays: 5 } };
    expect(planPass(null, { stream: short, today: '2026-03-10', runId: '1' }).pass?.from).toBe('2026-03-05');
  });

  it('takes more days at once while they are small, and fewer when they are not', () => {
    expect(read(planPass(null, { stream, today: '2026-03-10', runId: '1' })).slices).toBe(14);
    const large = read(
      planPass({ readOn: null, pass: null, days: 8 }, { stream, today: '2026-03-10', runId: '1' }),
      { rows: 300_000 },
    );
    expect(large.slices).toBeGreaterThan(70);
  });

  it('can be cut smaller until a slice is one day', () => {
    const start = planPass(
      { readOn: null, pass: null, days: 5 },
      { stream, today: '2026-03-10', runId: '1' },
    );
    const twice = withSmallerSlices(withSmallerSlices(start) ?? start);
    expect(twice?.days).toBe(1);
    expect(twice && withSmallerSlices(twice)).toBeNull();
  });

  it('reads each of its days once, wherever it was interrupted', () => {
    const stops = fc.array(fc.record({ slices: fc.nat(6), daysLater: fc.nat(2), rows: fc.nat(250_000) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(stops, (interruptions) => {
        let today = '2026-03-10';
        let progress = planPass(null, { stream, today, runId: '0', firstWindowDays: 20 });
        const all: string[] = [];
        for (const [run, { slices, daysLater, rows }] of interruptions.entries()) {
          const part = read(progress, { most: slices, rows });
          all.push(...part.days);
          if (!part.end.pass) return;
          today = shifted(today, daysLater);
          progress = planPass(part.end, { stream, today, runId: String(run) });
        }
        all.push(...read(progress).days);
        expect(all).toEqual([...new Set(all)].sort());
        expect([all[0], all.at(-1)]).toEqual(['2026-02-18', today]);
      }),
    );
  });
});
