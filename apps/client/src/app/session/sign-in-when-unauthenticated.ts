/** A session that ended anywhere leads to the sign-in page, and from there back. */
import { HttpErrorResponse } from '@angular/common/http';
import type { HttpInterceptorFn } from '@angular/common/http';
import { Injector, inject } from '@angular/core';
import { Router } from '@angular/router';
import { tap } from 'rxjs';
import { Session } from './session';

/** Here a 401 is an answer, not the end of a session; the guard asks `me` and decides itself. */
const answers401 = ['/api/auth/me', '/api/auth/sign-in', '/api/auth/set-up'];

export const signInWhenUnauthenticated: HttpInterceptorFn = (request, next) => {
  const injector = inject(Injector);
  return next(request).pipe(
    tap({
      error: (error: unknown) => {
        if (!(error instanceof HttpErrorResponse) || error.status !== 401 || answers401.includes(request.url))
          return;
        const router = injector.get(Router);
        injector.get(Session).forget();
        if (!router.url.startsWith('/sign-in'))
          void router.navigate(['/sign-in'], { queryParams: { then: router.url } });
      },
    }),
  );
};
