/** Lets only the person's own projects be opened; any other id leads to the chooser. */
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import type { CanActivateFn } from '@angular/router';
import { Session } from '../session/session';
import { LastProject } from './last-project';

export const knownProject: CanActivateFn = (route) => {
  const projectId = route.paramMap.get('projectId') ?? '';
  if (
    !inject(Session)
      .projects()
      .some((project) => project.id === projectId)
  )
    return inject(Router).createUrlTree(['/workspaces']);
  inject(LastProject).remember(projectId);
  return true;
};
