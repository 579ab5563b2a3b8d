/** One file as a server holds it: its bytes and the validators that follow from them. */
import { createHash } from 'node:crypto';
import type { FileFault } from './faults';

export interface ServedFileOptions {
  /** `null` sends none. */
  contentType?: string | null;
  /** Sends an ETag made from the content; on by default. */
  etag?: boolean;
  lastModified?: Date;
  /** Compresses for clients that accept gzip. */
  gzip?: boolean;
  /** Leaves Content-Length out and sends in chunks. */
  chunked?: boolean;
  /** The status that refuses HEAD requests, such as 405. */
  head?: number;
}

export interface ServedFile {
  body: Buffer;
  options: ServedFileOptions;
  faults: FileFault[];
}

export const etagOf = (file: ServedFile): string | null =>
  file.options.etag === false
    ? null
    : `"${createHash('sha256').update(file.body).digest('hex').slice(0, 16)}"`;

/** Whether the client's conditions (If-None-Match before If-Modified-Since, RFC 9110 §13.2.2) say that it has this content. */
export const clientHasIt = (
  file: ServedFile,
  ifNoneMatch: string | undefined,
  ifModifiedSince: string | undefined,
): boolean => {
  const etag = etagOf(file);
  if (ifNoneMatch !== undefined && etag !== null) {
    return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
  }
  const { lastModified } = file.options;
  if (ifModifiedSince === undefined || !lastModified) return false;
  return Math.floor(lastModified.getTime() / 1000) * 1000 <= Date.parse(ifModifiedSince);
};
