import { readOptions } from './options';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('the command line of verify', () => {
  it('looks at everything unless told otherwise', () => {
    expect(readOptions([], now)).toEqual({
      project: null, since: 0, recompute: Infinity, scanTimeout: 120_000, settled: false, wait: 0, json: false, help: false,
    }); // prettier-ignore
  });

  it.each([
    ['2026-02-28T12:00Z', '2026-02-28T12:00:00Z'],
    ['90m', '2026-03-01T10:30:00Z'],
    ['24h', '2026-02-28T12:00:00Z'],
    ['7d', '2026-02-22T12:00:00Z'],
  ])('takes --since %s', (text, moment) => {
    expect(readOptions(['--since', text], now).since).toBe(Date.parse(moment));
  });

  it.each([
    [['--recompute', '5'], 5],
    [['--no-recompute'], null],
  ])('takes %j', (args, recompute) => {
    expect(readOptions(args, now).recompute).toBe(recompute);
  });

  it.each([
    [['--since', 'lately'], '"lately" is neither'],
    [['--wait', 'long'], '--wait must be a whole number'],
    [['--sloppy'], '--settled'],
  ])('refuses %j with a sentence', (args, sentence) => {
    expect(() => readOptions(args, now)).toThrow(sentence);
  });
});
