/** One file as a server holds it: its bytes and the validators that follow from them. */
import { createHash } from 'node:crypto';
import type { FileFault } from './faults';

export interface ServedFileOptions {
  /** `null` sends none. */
  contentType?: string | null;
  /** Sends an ETag made from the content; on by default. */
  etag?: boolean;
  /** `now`: another one for each request, a second apart, as servers that make their answers on the fly say. */
  lastModified?: Date | 'now';
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
  /** Requests answered so far. */
  served: number;
}

export const etagOf = (file: ServedFile): string | null =>
  file.options.etag === false
    ? null
    : `"${createHash('sha256').update(file.body).digest('hex').slice(0, 16)}"`;

export const lastModifiedOf = ({ options: { lastModified }, served }: ServedFile): Date | null =>
  lastModified === 'now' ? new Date(Date.UTC(2026, 0, 1) + served * 1_000) : (lastModified ?? null);

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
  const lastModified = lastModifiedOf(file);
  if (ifModifiedSince === undefined || !lastModified) return false;
  return Math.floor(lastModified.getTime() / 1000) * 1000 <= Date.parse(ifModifiedSince);
};
