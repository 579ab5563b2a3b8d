import fc from 'fast-check';
import { isFuture, lowered, positionOf, resumeAt, startOf, storedCursor, type CursorKind } from './position';

const by = ['updated_at', 'id'];

describe('a position', () => {
  it('begins at the beginning, and again when other columns were chosen', () => {
    expect(resumeAt(startOf(by), 'timestamp', 300).start).toBe('beginning');
    const known = { ...startOf(by), cursor: '5', key: ['1'] };
    expect(positionOf(known, by)).toEqual(known);
    expect(positionOf(known, ['id', 'id'])).toEqual(startOf(['id', 'id']));
    expect(positionOf({ sha256: 'of another connector' }, by)).toEqual(startOf(by));
  });

  it('in the middle of a pass is followed by the very next row, and has the next pass begin below', () => {
    const at = { by, cursor: '2026-03-01T12:00:00.123456Z', key: ['7'], again: null };
    const { start, position } = resumeAt(at, 'timestamp', 300);
    expect(start).toEqual({ after: ['2026-03-01T12:00:00.123456Z', '7'] });
    expect(position.again).toBe('2026-03-01T11:55:00.123Z');
    const whole = { ...position, cursor: '2026-03-02T00:00:00Z', key: null };
    expect(resumeAt(whole, 'timestamp', 300).start).toEqual({ from: '2026-03-01T11:55:00.123Z' });
    expect(resumeAt(whole, 'timestamp', 300).position.again).toBeNull();
  });

  it('never begins the next pass above what any interruption asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1 }), fc.nat(50), (stops, lookback) => {
        const rising = [...stops].sort((a, b) => a - b);
        let position = startOf(['id', 'id']);
        for (const stop of rising) {
          const at = { ...position, cursor: String(stop), key: [String(stop)] };
          ({ position } = resumeAt(at, 'number', lookback));
        }
        const { start } = resumeAt({ ...position, cursor: '2000', key: null }, 'number', lookback);
        expect(start).toEqual({ from: String((rising[0] ?? 0) - lookback) });
      }),
    );
  });
});

it.each<[string, CursorKind, number, string]>([
  ['9007199254740993', 'number', 300, '9007199254740693'],
  ['2026-03-01', 'date', 1, '2026-02-28'],
  ['2026-03-01', 'date', 0, '2026-03-01'],
  ['2026-03-01T00:00:00Z', 'timestamp', 300, '2026-02-28T23:55:00.000Z'],
  ['-infinity', 'timestamp', 300, '-infinity'],
])('%s as a %s lowered by %d is %s', (cursor, kind, lookback, expected) => {
  expect(lowered(cursor, kind, lookback)).toBe(expected);
});

it('knows what is still to come', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  expect(isFuture('2026-03-01T12:00:01Z', 'timestamp', now)).toBe(true);
  expect(isFuture('2026-03-02', 'date', now)).toBe(true);
  expect(isFuture('infinity', 'date', now)).toBe(true);
  expect(isFuture('-infinity', 'date', now)).toBe(false);
  expect(isFuture('99999999999999', 'number', now)).toBe(false);
});

it('keeps a time to the microsecond', () => {
  expect(storedCursor('2026-03-08 07:00:00.123456+00', 'timestamp')).toBe('2026-03-08T07:00:00.123456Z');
});
