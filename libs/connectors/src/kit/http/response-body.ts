/** The body of a response with its content-encoding undone: bounded, and failing when it did not arrive whole. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { FreshetError } from '@freshet/contracts';
import { connectionError } from './connection-errors';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** What `Accept-Encoding` asks for. */
export const acceptedEncodings = 'gzip, br';

const decode = (raw: Readable, encoding: string, host: string): Readable => {
  // Encodings are listed in the order in which they were applied.
  const names = encoding.split(',').map((name) => name.trim().toLowerCase());
  return names.reverse().reduce<Readable>((stream, name) => {
    if (name === '' || name === 'identity') return stream;
    const decoder = decoders[name]?.();
    if (!decoder)
      throw new FreshetError(
        'source_unreadable',
        `${host} answered in an encoding that is not known (${name}).`,
      );
    // The callback keeps the error from being thrown; whoever reads the decoder gets it.
    pipeline(stream, decoder, () => undefined);
    return decoder;
  }, raw);
};

export interface BodyOptions {
  /** The Content-Encoding header. */
  encoding: string;
  host: string;
  maxBytes: number;
  signal?: AbortSignal;
}

/** Errors with FreshetErrors alone. Destroying it closes the connection. */
export const responseBody = (raw: Readable, { encoding, host, maxBytes, signal }: BodyOptions): Readable => {
  // A body destroyed before its end errors; nobody is left to care.
  raw.on('error', () => undefined);
  const decoded = decode(raw, encoding, host);
  const bounded = async function* (): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of decoded as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) {
          const megabytes = Math.floor(maxBytes / 1_048_576);
          throw new FreshetError(
            'source_unreadable',
            `${host} sent more than the ${megabytes} MB that are allowed.`,
            {
              action: 'Split the data into smaller files.',
            },
          );
        }
        yield chunk;
      }
    } catch (error) {
      throw connectionError(error, host, signal);
    }
  };
  const body = Readable.from(bounded(), { objectMode: false });
  body.once('close', () => {
    raw.destroy();
  });
  return body;
};
