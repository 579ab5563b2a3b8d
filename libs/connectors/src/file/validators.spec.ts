import { isOtherVersion, isStoredFile, type Validators } from './validators';

const noon = 'Sun, 01 Mar 2026 12:00:00 GMT';
const later = 'Sun, 01 Mar 2026 12:00:09 GMT';
const version = (etag: string | null, lastModified: string | null = null): Validators => ({
  etag,
  lastModified,
});

describe('isOtherVersion', () => {
  it.each<[string, Validators, Validators, boolean]>([
    ['the same ETag', version('"a"'), version('"a"'), false],
    ['another ETag', version('"a"'), version('"b"'), true],
    ['another ETag in the same second', version('"a"', noon), version('"b"', noon), true],
    ['the same ETag, once weak', version('"a"'), version('W/"a"'), false],
    ['the compressed form at Apache', version('"a-gzip"'), version('"a"'), false],
    ['the compressed form at Jetty', version('"a--gzip"'), version('"a"'), false],
    ['another date', version(null, noon), version(null, later), true],
    ['another date, ETag in one answer only', version('"a"', noon), version(null, later), true],
    ['the same date', version(null, noon), version(null, noon), false],
    ['nothing to compare', version('"a"'), version(null, noon), false],
  ])('%s', (_what, before, after, expected) => {
    expect(isOtherVersion(before, after)).toBe(expected);
  });
});

describe('isStoredFile', () => {
  it.each<[string, Validators, boolean]>([
    ['a strong ETag', version('"a"'), true],
    ['a date', version(null, noon), true],
    ['a weak ETag with a date', version('W/"a"', noon), true],
    ['a weak ETag of the content alone', version('W/"a"'), false],
    ['nothing', version(null), false],
  ])('%s: %s', (_what, validators, expected) => {
    expect(isStoredFile(validators)).toBe(expected);
  });
});
