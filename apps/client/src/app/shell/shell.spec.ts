import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson } from '../../testing/examples';
import { FakeSocket, answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { Session } from '../session/session';
import { Shell } from './shell';

@Component({ template: '<h1>page</h1>' })
class Page {}

const visit = async (url: string): Promise<HTMLElement> => {
  const routes = [
    { path: 'sign-in', component: Page },
    { path: 'p/:projectId', component: Shell, children: [{ path: '**', component: Page }] },
  ];
  TestBed.configureTestingModule({ providers: clientWithoutNetwork(routes) });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create(url);
  await settle();
  return harness.routeNativeElement as HTMLElement;
};

describe('the shell', () => {
  it('marks where one is, in the bar and in the navigation of phones', async () => {
    const shell = await visit('/p/p1/models/m1');
    const current = [...shell.querySelectorAll('[aria-current=page]')].map((link) => link.textContent.trim());
    expect(current).toEqual(['Models', 'Models']);
  });

  it('says whether the page is live, and leaves the room with the project', async () => {
    const shell = await visit('/p/p1/sources');
    const socket = TestBed.inject(FakeSocket);
    expect(shell.querySelector('fr-connection')?.textContent).toContain('connecting');
    socket.listener?.connected();
    await settle();
    expect(shell.querySelector('fr-connection')?.textContent).toContain('live');
    socket.listener?.disconnected();
    await settle();
    expect(shell.querySelector('fr-connection')?.textContent).toContain('reconnecting');
    await TestBed.inject(Router).navigateByUrl('/sign-in');
    expect(socket.listener).toBeNull();
  });

  it('skips to the content', async () => {
    const shell = await visit('/p/p1/sources');
    document.body.append(shell);
    shell.querySelector<HTMLElement>('.skip')?.click();
    expect(document.activeElement?.id).toBe('main');
    shell.remove();
  });

  it('signs out', async () => {
    const shell = await visit('/p/p1/sources');
    shell.querySelector<HTMLElement>('fr-account-menu button')?.click();
    await settle();
    [...document.querySelectorAll<HTMLElement>('[mat-menu-item]')]
      .find((item) => item.textContent.includes('Sign out'))
      ?.click();
    await settle();
    await answer('/api/auth/sign-out', null, { method: 'POST', status: 204 });
    expect(TestBed.inject(Router).url).toBe('/sign-in');
    expect(TestBed.inject(Session).me()).toBeNull();
  });
});
