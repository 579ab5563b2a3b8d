/** Lets the signed-in through; others sign in first and come back to the page they asked for. */
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import type { CanActivateFn } from '@angular/router';
import { Session } from './session';

export const signedIn: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  const session = inject(Session);
  if (await session.load()) return true;
  return router.createUrlTree(['/sign-in'], { queryParams: state.url === '/' ? {} : { then: state.url } });
};
