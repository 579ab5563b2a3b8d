/** Keeps secrets at rest: AES-256-GCM under keys derived from the master key, bound to the row they belong to. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

interface Key {
  id: string;
  bytes: Buffer;
}

/**
 * Seals with the current master key and opens what any of the given ones sealed. A sealed text is
 * `1.<key id>.<base64url of iv, tag and ciphertext>`; `aad` (organization and row) must be the same on both sides, so that
 * a sealed secret copied to another row or tenant does not open.
 */
export class SecretBox {
  private readonly current: Key;
  private readonly keys: ReadonlyMap<string, Key>;

  constructor(masterKey: string, formerMasterKeys: readonly string[] = []) {
    this.current = derive(masterKey);
    this.keys = new Map([...formerMasterKeys.map(derive), this.current].map((key) => [key.id, key]));
  }

  seal(secret: string, aad: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.current.bytes, iv).setAAD(Buffer.from(aad));
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return `1.${this.current.id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** Throws `internal` when the text was changed, belongs elsewhere, or its master key is not among the given ones. */
  open(sealed: string, aad: string): string {
    const [version, keyId, text] = sealed.split('.');
    const key = this.keys.get(keyId ?? '');
    if (version !== '1' || !key || !text)
      throw new FreshetError(
        'internal',
        'A stored secret was sealed with a master key that is no longer known. Connect again.',
      );
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv(algorithm, key.bytes, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(aad))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
        'utf8',
      );
    } catch (cause) {
      throw new FreshetError('internal', 'A stored secret could not be opened. Connect again.', { cause });
    }
  }

  /** Whether it was sealed with a former master key, so that it should be sealed anew. */
  isOutdated(sealed: string): boolean {
    return sealed.split('.')[1] !== this.current.id;
  }
}

function derive(masterKey: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', masterKey, '', 'freshet secrets 1', 32));
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
