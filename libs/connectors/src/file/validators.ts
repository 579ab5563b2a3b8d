/** What a server tells about the version of a file, and whether two answers were of the same one. */

export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export const validatorsOf = (headers: Record<string, string>): Validators => ({
  etag: headers.etag ?? null,
  lastModified: headers['last-modified'] ?? null,
});

/** Servers mark the compressed form of a version in its ETag: `"abc-gzip"` (Apache), `"abc;gzip"` and `"abc--gzip"` (Jetty). */
const bare = (etag: string): string =>
  etag.replace(/^W\//, '').replace(/(?:--|-|;|:)(?:gzip|br|df|zstd)"$/, '"');

/**
 * A file on a disk may be written while it is sent. An answer made for one request is not, though its ETag differs each time:
 * web frameworks give such answers a weak ETag of their content and no date.
 */
export const isStoredFile = ({ etag, lastModified }: Validators): boolean =>
  lastModified !== null || (etag !== null && !etag.startsWith('W/'));

/** Goes by the ETag; by the date where one of the two answers had none. */
export const isOtherVersion = (before: Validators, after: Validators): boolean => {
  if (before.etag !== null && after.etag !== null) return bare(before.etag) !== bare(after.etag);
  return (
    before.lastModified !== null && after.lastModified !== null && before.lastModified !== after.lastModified
  );
};
