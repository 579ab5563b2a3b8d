/** The two kinds of credentials a call may carry, and how they are made and kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const sessionCookie = 'freshet_session';
const keyPrefix = 'fr_live_';

export type Credential = { kind: 'session'; token: string } | { kind: 'api_key'; token: string };

/** 256 random bits. Only their hash is stored. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url');

/** A new API key and the beginning by which people recognise it later. */
export function newApiKey(): { key: string; prefix: string } {
  const key = keyPrefix + randomBytes(32).toString('base64url');
  return { key, prefix: key.slice(0, keyPrefix.length + 6) };
}

/** What is stored of a session token or API key: their SHA-256. They are random enough to need no slow hash. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A Bearer key goes before a cookie: a call that shows a key means it. Null when there is neither. */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return { kind: 'api_key', token: bearer };
  const token = cookieOf(headers.cookie, sessionCookie);
  return token ? { kind: 'session', token } : null;
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
