/** Brings a whole, verified copy of a file onto this machine before anything is made of it. */
import { createHash } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';
import { goOn } from '../kit/cancelled';
import type { ConnectorContext } from '../kit/context';
import { Spool } from '../kit/spool';
import type { FileConfig } from './file-config';
import type { FileHead } from './format';
import { openFile, type OpenedFile, type Validators } from './open-file';
import { utf8Check } from './text-encoding';

const headBytes = 65_536;

export interface Download {
  /** The caller closes it. */
  spool: Spool;
  head: FileHead;
  validators: Validators;
  /** Hexadecimal, of the unpacked content. */
  sha256: string;
}

/** Servers rarely lock a file that they send, so a file that was replaced meanwhile may have arrived as half of each. */
const refuseIfChanged = async (url: string, sent: Validators, context: ConnectorContext): Promise<void> => {
  if (sent.etag === null && sent.lastModified === null) return;
  const now = await context.fetch(url, { method: 'HEAD' }).catch(() => null);
  goOn(context.signal);
  now?.body.destroy();
  // Not every server answers HEAD; the file itself arrived whole.
  if (now?.status !== 200) return;
  const { headers } = now;
  const changed =
    sent.etag !== null && headers.etag !== undefined
      ? headers.etag !== sent.etag
      : headers['last-modified'] !== undefined && headers['last-modified'] !== sent.lastModified;
  if (changed) {
    throw new FreshetError('source_changed', 'The file changed while it was read.', {
      action: 'Nothing to do: it is read again.',
    });
  }
};

const store = async (file: OpenedFile, context: ConnectorContext): Promise<Download> => {
  const spool = await Spool.open();
  try {
    const hash = createHash('sha256');
    const checkUtf8 = utf8Check();
    let isUtf8 = true;
    for await (const chunk of file.content) {
      hash.update(chunk);
      isUtf8 = checkUtf8(chunk);
      await spool.append(chunk);
    }
    const { name, contentType, validators } = file;
    const bytes = await spool.read(0, headBytes);
    context.log.info({ bytes: spool.size }, 'The file was downloaded.');
    return { spool, head: { bytes, contentType, name, isUtf8 }, validators, sha256: hash.digest('hex') };
  } catch (error) {
    await spool.close();
    throw error;
  } finally {
    file.close();
  }
};

/** Tries again by the kit's rules, always from the beginning. */
export const download = (
  config: FileConfig,
  have: Validators | null,
  context: ConnectorContext,
): Promise<Download | 'not-modified'> =>
  context.retry(async () => {
    const file = await openFile(config, have, context);
    if (file === 'not-modified') return file;
    const stored = await store(file, context);
    try {
      if (config.url !== undefined) await refuseIfChanged(config.url, stored.validators, context);
    } catch (error) {
      await stored.spool.close();
      throw error;
    }
    return stored;
  });
