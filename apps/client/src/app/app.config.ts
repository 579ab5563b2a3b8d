/** What the whole client is provided with. */
import { provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import { inject, provideBrowserGlobalErrorListeners, provideEnvironmentInitializer } from '@angular/core';
import type { ApplicationConfig } from '@angular/core';
import { MAT_FORM_FIELD_DEFAULT_OPTIONS } from '@angular/material/form-field';
import {
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withRouterConfig,
} from '@angular/router';
import { appRoutes } from './app.routes';
import { signInWhenUnauthenticated } from './session/sign-in-when-unauthenticated';
import { Icons } from './theme/icons';
import { PageTitle } from './theme/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      appRoutes,
      withComponentInputBinding(),
      withRouterConfig({ paramsInheritanceStrategy: 'always' }),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
    ),
    provideHttpClient(withFetch(), withInterceptors([signInWhenUnauthenticated])),
    provideEnvironmentInitializer(() => inject(Icons).register()),
    { provide: TitleStrategy, useExisting: PageTitle },
    {
      provide: MAT_FORM_FIELD_DEFAULT_OPTIONS,
      useValue: { appearance: 'outline', subscriptSizing: 'dynamic' },
    },
  ],
};
