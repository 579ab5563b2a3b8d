/**
 * What people have allowed, and the codes and tokens made from it. Tokens carry all that they mean, signed, so that those given out
 * before a restart of the sandbox are still good after it; only revocations are remembered here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface MetaPermit {
  /** Of a person. */
  user: string;
  scopes: readonly string[];
}

export interface CodeRequest extends MetaPermit {
  redirectUri: string;
  /** S256 challenge, or null without PKCE. */
  challenge: string | null;
}

interface Claims extends MetaPermit {
  /** How often the person's consent had been taken back when this was made. */
  era: number;
  serial: number;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export type TokenState =
  { ok: true; permit: MetaPermit } | { ok: false; why: 'malformed' | 'expired' | 'revoked' };

export const lifetimes = { short: 2 * 3_600_000, long: 60 * 86_400_000 } as const;
const codeLife = 600_000;
const prefix = 'EAAG';

export class MetaTokens {
  /** How often a token was exchanged for a long-lived one. */
  exchanges = 0;
  private readonly eras = new Map<string, number>();
  private readonly granted = new Map<string, Set<string>>();
  private readonly codes = new Map<string, CodeRequest & { expiresAt: number }>();
  private serial = 0;
  private expiredUpTo = 0;

  constructor(
    private readonly now: () => Date,
    private readonly secret: string,
  ) {}

  grantedTo(user: string): string[] {
    return [...(this.granted.get(user) ?? [])];
  }

  makeCode(request: CodeRequest): string {
    this.serial += 1;
    const code = `AQ${this.sign(`code ${this.serial} ${this.now().getTime()}`)}`;
    this.codes.set(code, { ...request, expiresAt: this.now().getTime() + codeLife });
    return code;
  }

  /** Null when it is unknown, too old, or used before. */
  useCode(code: string): CodeRequest | null {
    const found = this.codes.get(code);
    this.codes.delete(code);
    return found && found.expiresAt > this.now().getTime() ? found : null;
  }

  make(permit: MetaPermit, lifetime: number): string {
    this.serial += 1;
    const granted = this.granted.get(permit.user) ?? new Set();
    for (const scope of permit.scopes) granted.add(scope);
    this.granted.set(permit.user, granted);
    const claims: Claims = {
      user: permit.user,
      scopes: permit.scopes,
      era: this.eras.get(permit.user) ?? 0,
      serial: this.serial,
      expiresAt: this.now().getTime() + lifetime,
    };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${prefix}${text}.${this.sign(text)}`;
  }

  read(token: string): TokenState {
    const claims = this.open(token);
    if (!claims) return { ok: false, why: 'malformed' };
    if (claims.era < (this.eras.get(claims.user) ?? 0)) return { ok: false, why: 'revoked' };
    if (claims.expiresAt <= this.now().getTime() || claims.serial <= this.expiredUpTo)
      return { ok: false, why: 'expired' };
    return { ok: true, permit: { user: claims.user, scopes: claims.scopes } };
  }

  revoke(user: string): void {
    this.eras.set(user, (this.eras.get(user) ?? 0) + 1);
    this.granted.delete(user);
  }

  /** Those given out so far. */
  expire(): void {
    this.expiredUpTo = this.serial;
  }

  private open(token: string): Claims | null {
    if (!token.startsWith(prefix)) return null;
    const [text = '', signature = ''] = token.slice(prefix.length).split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(this.sign(text))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}
