import { parseIfMatch, requireRevision } from './if-match';

describe('If-Match', () => {
  it.each([
    ['"7"', 7],
    ['7', 7],
    ['W/"7"', 7],
    [undefined, null],
    ['*', null],
  ])('reads %s as %s', (header, revision) => {
    expect(parseIfMatch(header)).toBe(revision);
  });

  it('refuses what is no revision', () => {
    expect(() => parseIfMatch('"abc"')).toThrow('If-Match takes');
  });

  it('answers that it was changed meanwhile when the caller saw another revision', () => {
    expect(() => requireRevision(7, 8)).toThrow('changed this meanwhile');
    requireRevision(7, 7);
    requireRevision(null, 8);
  });
});
