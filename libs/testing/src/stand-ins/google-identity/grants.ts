/**
 * What people have allowed, and the codes and tokens made from it. Tokens carry all that they mean, signed, so that those given out
 * before a restart of the sandbox are still good after it; only revocations are remembered here.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Permit {
  account: string;
  scopes: readonly string[];
}

export interface CodeRequest extends Permit {
  redirectUri: string;
  /** S256 challenge, or null without PKCE. */
  challenge: string | null;
  /** Whether a refresh token comes with it. */
  offline: boolean;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
}

interface Claims extends Permit {
  kind: 'access' | 'refresh';
  /** How often the account's access had been taken away when this was made. */
  era: number;
  serial: number;
  /** Epoch milliseconds. */
  issuedAt: number;
}

export const accessTokenLife = 3_600_000;
const codeLife = 600_000;
/** Google drops the oldest beyond these, per account and client. */
const mostRefreshTokens = 100;

const prefixes = { access: 'ya29.', refresh: '1//' } as const;

export class Grants {
  /** How often an access token was renewed from a refresh token. */
  renewals = 0;
  private readonly eras = new Map<string, number>();
  private readonly scopes = new Map<string, Set<string>>();
  private readonly refreshSerials = new Map<string, number[]>();
  private readonly codes = new Map<string, CodeRequest & { expiresAt: number }>();
  private serial = 0;
  private expiredUpTo = 0;

  constructor(
    private readonly now: () => Date,
    private readonly secret: string,
  ) {}

  /** Whether this account has said yes before; then Google gives no refresh token unless consent is asked for again. */
  hasConsented(account: string): boolean {
    return this.scopes.has(account);
  }

  grantedTo(account: string): string[] {
    return [...(this.scopes.get(account) ?? [])];
  }

  consent({ account, scopes }: Permit): void {
    const granted = this.scopes.get(account) ?? new Set();
    for (const scope of scopes) granted.add(scope);
    this.scopes.set(account, granted);
  }

  makeCode(request: CodeRequest): string {
    this.serial += 1;
    const code = `4/0${this.sign(`code ${this.serial} ${this.now().getTime()}`)}`;
    this.codes.set(code, { ...request, expiresAt: this.now().getTime() + codeLife });
    return code;
  }

  /** Null when it is unknown, too old, or used before. */
  useCode(code: string): CodeRequest | null {
    const found = this.codes.get(code);
    this.codes.delete(code);
    return found && found.expiresAt > this.now().getTime() ? found : null;
  }

  issue(permit: Permit): TokenPair {
    this.consent(permit);
    return { accessToken: this.make('access', permit), refreshToken: this.makeRefreshToken(permit) };
  }

  makeAccessToken(permit: Permit): string {
    return this.make('access', permit);
  }

  makeRefreshToken(permit: Permit): string {
    const token = this.make('refresh', permit);
    const serials = [...(this.refreshSerials.get(permit.account) ?? []), this.serial];
    this.refreshSerials.set(permit.account, serials.slice(-mostRefreshTokens));
    return token;
  }

  /** A new access token, or null when the grant is gone. */
  renew(refreshToken: string): (Permit & { accessToken: string }) | null {
    const claims = this.open(refreshToken, 'refresh');
    if (!claims || this.isRevoked(claims) || this.wasDropped(claims)) return null;
    this.renewals += 1;
    return { ...claims, accessToken: this.make('access', claims) };
  }

  /** Null when it is no token of ours, too old or revoked. */
  read(accessToken: string): Permit | null {
    const claims = this.open(accessToken, 'access');
    if (!claims || this.isRevoked(claims) || claims.serial <= this.expiredUpTo) return null;
    if (claims.issuedAt + accessTokenLife <= this.now().getTime()) return null;
    // Given out before a restart, perhaps.
    this.consent(claims);
    return claims;
  }

  /** The account whose grant a token of either kind stands for. */
  ownerOf(token: string): string | null {
    const claims = this.open(token, 'access') ?? this.open(token, 'refresh');
    return claims && !this.isRevoked(claims) ? claims.account : null;
  }

  revoke(account: string): void {
    this.eras.set(account, (this.eras.get(account) ?? 0) + 1);
    this.scopes.delete(account);
    this.refreshSerials.delete(account);
  }

  expireAccessTokens(): void {
    this.expiredUpTo = this.serial;
  }

  private make(kind: Claims['kind'], { account, scopes }: Permit): string {
    this.serial += 1;
    const claims: Claims = {
      kind,
      account,
      scopes,
      era: this.eras.get(account) ?? 0,
      serial: this.serial,
      issuedAt: this.now().getTime(),
    };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${prefixes[kind]}${text}.${this.sign(text)}`;
  }

  private open(token: string, kind: Claims['kind']): Claims | null {
    if (!token.startsWith(prefixes[kind])) return null;
    const [text = '', signature = ''] = token.slice(prefixes[kind].length).split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(this.sign(text))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims;
  }

  private isRevoked({ account, era }: Claims): boolean {
    return era < (this.eras.get(account) ?? 0);
  }

  private wasDropped({ account, serial }: Claims): boolean {
    const kept = this.refreshSerials.get(account) ?? [];
    return kept.length >= mostRefreshTokens && serial < (kept[0] ?? 0);
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}
