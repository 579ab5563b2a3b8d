/** The way in: sign in, or on a new installation create the first owner. */
import { Component, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import type { Me } from '@freshet/contracts';
import { apiResource } from '../api/api-resource';
import { ProblemPanel } from '../problem/problem-panel';
import { Session } from '../session/session';
import { SetUpForm } from './set-up-form';
import { SignInForm } from './sign-in-form';

@Component({
  imports: [ProblemPanel, SetUpForm, SignInForm],
  templateUrl: './sign-in-page.html',
  styleUrl: './sign-in-page.scss',
})
export class SignInPage {
  /** The page asked for before. */
  readonly then = input<string>();
  readonly #session = inject(Session);
  readonly #router = inject(Router);
  protected readonly setUp = apiResource('setUpState', () => ({ params: {} }));

  protected async enter(me: Me): Promise<void> {
    this.#session.entered(me);
    const then = this.then();
    await this.#router.navigateByUrl(then?.startsWith('/') && !then.startsWith('//') ? then : '/');
  }
}
