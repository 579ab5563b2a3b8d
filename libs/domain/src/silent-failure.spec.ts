import fc from 'fast-check';
import { suspectVolume, suspicionSentence, type DayVolume } from './silent-failure';

const usual = (...received: number[]): DayVolume[] =>
  received.map((rows) => ({ received: rows, released: false }));

describe('a sync that brought few rows', () => {
  it('is suspected when nothing came where the last four of that weekday had some', () => {
    expect(suspectVolume(0, usual(3, 1, 2, 5))).toEqual({ kind: 'nothing', usual: 2.5 });
    expect(suspectVolume(0, usual(3, 0, 2, 5))).toBeNull();
  });

  it('is suspected below half of their median, from a hundred rows on', () => {
    expect(suspectVolume(499, usual(1_000, 900, 1_000, 9_000))).toEqual({
      kind: 'few',
      usual: 1_000,
      share: 0.499,
    });
    expect(suspectVolume(500, usual(1_000, 900, 1_000, 9_000))).toBeNull();
    expect(suspectVolume(1, usual(99, 99, 99, 99))).toBeNull();
    expect(suspectVolume(49, usual(100, 100, 100, 100))).not.toBeNull();
  });

  it('is not suspected before four such days are known', () => {
    expect(suspectVolume(0, usual(1_000, 1_000, 1_000))).toBeNull();
  });

  it('looks at the last four days only', () => {
    expect(suspectVolume(90, usual(100, 100, 100, 100, 9_000, 9_000, 9_000, 9_000))).toBeNull();
  });

  it('is normal once a person let as few through', () => {
    const [low, ...before] = usual(400, 1_000, 1_000, 1_000);
    const released = [{ received: low?.received ?? 0, released: true }, ...before];
    expect(suspectVolume(400, usual(400, 1_000, 1_000, 1_000))).not.toBeNull();
    expect(suspectVolume(400, released)).toBeNull();
    expect(suspectVolume(150, released)).toEqual({ kind: 'few', usual: 400, share: 0.375 });
    const nothing = [{ received: 0, released: true }, ...before];
    expect(suspectVolume(0, nothing)).toBeNull();
  });

  it('is never suspected when it brought what each of the last days brought', () => {
    const days = fc.array(fc.record({ received: fc.nat(5_000), released: fc.boolean() }), { maxLength: 8 });
    fc.assert(
      fc.property(days, (earlier) => {
        const most = Math.max(0, ...earlier.map(({ received }) => received));
        expect(suspectVolume(most, earlier)).toBeNull();
      }),
    );
  });

  it('says so in a sentence with figures', () => {
    const of = { received: 1_234, stream: 'traffic', weekday: 'Monday' };
    expect(suspicionSentence({ kind: 'few', usual: 5_000.5, share: 0.2 }, of)).toBe(
      'Only 1,234 rows came for traffic, where a Monday usually brings about 5,001. Its tables wait until you let them through.',
    );
    expect(suspicionSentence({ kind: 'nothing', usual: 50 }, { ...of, received: 0 })).toMatch(
      /^No rows came for traffic, where a Monday/,
    );
  });
});
