/** Opens the file behind a config, by address or upload, and unpacks gzip whatever the file is called. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import { connectionError } from '../kit/http/connection-errors';
import { statusError } from '../kit/http/status-error';
import { unreadable } from '../kit/unreadable';
import type { FileConfig } from './file-config';
import { validatorsOf, type Validators } from './validators';

export interface OpenedFile {
  name: string;
  contentType: string | null;
  validators: Validators;
  /** Unpacked; fails with FreshetErrors. */
  content: AsyncIterable<Uint8Array>;
  /** Gives the connection up before the end. */
  close(): void;
}

const unpack = async function* (body: Readable, host: string, maxBytes: number): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole();
    return;
  }
  const gunzip = createGunzip();
  pipeline(Readable.from(whole(), { objectMode: false }), gunzip, () => undefined);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw unreadable('The file is too large once unpacked.', 'Split it into smaller files.');
      yield chunk;
    }
  } catch (error) {
    throw connectionError(error, host);
  }
};

const nameOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.gz$/i, '');

const opened = (
  body: Readable,
  host: string,
  context: ConnectorContext,
): Pick<OpenedFile, 'content' | 'close'> => ({
  content: unpack(body, host, context.maxBytes),
  close: () => {
    body.destroy();
  },
});

const conditions = ({ etag, lastModified }: Validators): Record<string, string> => ({
  ...(etag === null ? {} : { 'if-none-match': etag }),
  ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
});

const openUrl = async (
  url: string,
  have: Validators | null,
  context: ConnectorContext,
): Promise<OpenedFile | 'not-modified'> => {
  const {
    status,
    headers,
    body,
    url: from,
  } = await context.fetch(url, { headers: have ? conditions(have) : {} });
  if (status === 200) {
    return {
      name: nameOf(new URL(url).pathname),
      contentType: headers['content-type'] ?? null,
      validators: validatorsOf(headers),
      ...opened(body, new URL(from).host, context),
    };
  }
  body.destroy();
  if (status === 304 && have) return 'not-modified';
  throw statusError({ status, headers, url: from }, context.now());
};

/** `have` is what an earlier read got: when the file is still that, the answer is `not-modified`. */
export const openFile = async (
  { url, uploadId }: FileConfig,
  have: Validators | null,
  context: ConnectorContext,
): Promise<OpenedFile | 'not-modified'> => {
  if (url !== undefined) return openUrl(url, have, context);
  if (uploadId === undefined)
    throw new FreshetError('invalid_input', 'Give either the address of a file or an uploaded one.');
  const { fileName, body } = await context.openUpload(uploadId);
  const validators = { etag: null, lastModified: null };
  return { name: nameOf(fileName), contentType: null, validators, ...opened(body, 'the upload', context) };
};
