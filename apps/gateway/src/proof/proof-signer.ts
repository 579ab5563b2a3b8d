/** Signs what a number contains, so that a link to it can be handed on and checked later, when its versions may be gone. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { proofContent } from '@freshet/contracts';
import { z } from 'zod';

const input = z.object({ kind: z.enum(['t', 'm']), id: z.string(), value: z.number() });

export const signedProof = z.object({
  organizationId: z.string(),
  signedAt: z.string(),
  content: proofContent,
  /** What was read itself, beside what that was built from. */
  reads: z.array(input),
});
export type SignedProof = z.infer<typeof signedProof>;

/** A link is meant to be pasted; what unpacks to more than this is none of ours. */
const longest = 4_000_000;

/**
 * A token is `<packed content>.<HMAC-SHA-256>`, both base64url, under a key that is derived from the master key for this
 * purpose alone. It hides nothing: who reads it needs no key, who changes it does.
 */
export class ProofSigner {
  private readonly keys: readonly Buffer[];

  constructor(masterKey: string, formerMasterKeys: readonly string[] = []) {
    this.keys = [masterKey, ...formerMasterKeys].map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', 'freshet proofs 1', 32)),
    );
  }

  sign(proof: SignedProof): string {
    const packed = deflateRawSync(JSON.stringify(proof), { level: 9 }).toString('base64url');
    return `${packed}.${signature(this.keys[0] as Buffer, packed).toString('base64url')}`;
  }

  /** What was signed, with the present or a former master key; null for anything else. */
  open(token: string): SignedProof | null {
    const [packed, given, ...rest] = token.split('.');
    if (!packed || !given || rest.length > 0) return null;
    const claimed = Buffer.from(given, 'base64url');
    if (!this.keys.some((key) => isEqual(signature(key, packed), claimed))) return null;
    const text = inflateRawSync(Buffer.from(packed, 'base64url'), { maxOutputLength: longest }).toString();
    return signedProof.safeParse(JSON.parse(text)).data ?? null;
  }
}

const signature = (key: Buffer, packed: string): Buffer => createHmac('sha256', key).update(packed).digest();

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
