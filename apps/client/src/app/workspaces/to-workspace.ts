/** Where no project is named: straight into the only one, else to the chooser, which then leads to the page that was asked for. */
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import type { CanActivateFn } from '@angular/router';
import { Session } from '../session/session';

/** `/p/:projectId` + the page asked for, by default its sources. */
export const pageIn = (projectId: string, then: string | null | undefined): string =>
  `/p/${projectId}${then?.startsWith('/') && !then.startsWith('//') ? then : '/sources'}`;

export const toWorkspace: CanActivateFn = (route, state) => {
  const router = inject(Router);
  const [only, ...others] = inject(Session).projects();
  const atChooser = state.url.split('?')[0] === '/workspaces';
  const then = atChooser ? route.queryParamMap.get('then') : state.url;
  if (only && others.length === 0 && !route.queryParamMap.has('choose'))
    return router.parseUrl(pageIn(only.id, then));
  return atChooser || router.createUrlTree(['/workspaces'], { queryParams: { then: state.url } });
};
