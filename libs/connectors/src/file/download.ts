/** Brings a whole, verified copy of a file onto this machine before anything is made of it. */
import { createHash } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';
import { goOn } from '../kit/cancelled';
import type { ConnectorContext } from '../kit/context';
import { Spool } from '../kit/spool';
import type { FileConfig } from './file-config';
import type { FileHead } from './format';
import { openFile, type OpenedFile } from './open-file';
import { utf8Check } from './text-encoding';
import { isOtherVersion, isStoredFile, validatorsOf, type Validators } from './validators';

const headBytes = 65_536;

export interface Download {
  /** The caller closes it. */
  spool: Spool;
  head: FileHead;
  validators: Validators;
  /** Hexadecimal, of the unpacked content. */
  sha256: string;
}

/** Servers rarely lock a file that they send, so one that was replaced meanwhile may have arrived as half of each. */
const changedMeanwhile = async (
  url: string,
  sent: Validators,
  context: ConnectorContext,
): Promise<boolean> => {
  if (!isStoredFile(sent)) return false;
  const now = await context.fetch(url, { method: 'HEAD' }).catch(() => null);
  goOn(context.signal);
  now?.body.destroy();
  // Not every server answers HEAD; the file itself arrived whole.
  return now?.status === 200 && isOtherVersion(sent, validatorsOf(now.headers));
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
): Promise<Download | 'not-modified'> => {
  let previous: string | null = null;
  return context.retry(async () => {
    const file = await openFile(config, have, context);
    if (file === 'not-modified') return file;
    const stored = await store(file, context);
    try {
      // What arrives twice alike is whole, also where each answer has validators of its own.
      const isSure = config.url === undefined || stored.sha256 === previous;
      previous = stored.sha256;
      if (!isSure && (await changedMeanwhile(config.url ?? '', stored.validators, context))) throw changed();
    } catch (error) {
      await stored.spool.close();
      throw error;
    }
    return stored;
  });
};

const changed = (): FreshetError =>
  new FreshetError('source_changed', 'The file changed while it was read.', {
    action: 'Nothing to do: it is read again.',
  });
