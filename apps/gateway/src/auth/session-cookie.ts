/** The session's cookie: out of reach of scripts, and not sent along by other sites' requests. */
import { defaults } from '@freshet/contracts';
import { sessionCookie } from '@freshet/service-kit';
import type { CookieOptions, Request, Response } from 'express';

const options = (request: Request, publicUrl: string | undefined): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  path: '/',
  secure: request.secure || publicUrl?.startsWith('https:') === true,
});

export function setSessionCookie(request: Request, token: string, publicUrl: string | undefined): void {
  responseOf(request).cookie(sessionCookie, token, {
    ...options(request, publicUrl),
    maxAge: defaults.session.lasts,
  });
}

export function clearSessionCookie(request: Request, publicUrl: string | undefined): void {
  responseOf(request).clearCookie(sessionCookie, options(request, publicUrl));
}

function responseOf(request: Request): Response {
  if (!request.res) throw new Error('A request without a response');
  return request.res;
}
