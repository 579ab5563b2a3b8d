import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { Me } from '@freshet/contracts';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson } from '../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { Api } from '../api/api';
import { SignInPage } from '../sign-in/sign-in-page';
import { toWorkspace } from '../workspaces/to-workspace';
import { knownProject } from '../workspaces/known-project';
import { WorkspacesPage } from '../workspaces/workspaces-page';
import { Session } from './session';
import { signedIn } from './signed-in';

@Component({ template: 'the page' })
class Page {}

beforeEach(() => localStorage.clear());

const start = () => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([
      { path: 'sign-in', component: SignInPage },
      {
        path: '',
        canActivate: [signedIn],
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'workspaces' },
          { path: 'workspaces', canActivate: [toWorkspace], component: WorkspacesPage },
          { path: 'p/:projectId', canActivate: [knownProject], children: [{ path: '**', component: Page }] },
          { path: 'models', children: [{ path: '**', canActivate: [toWorkspace], children: [] }] },
        ],
      },
    ]),
  });
  return { router: TestBed.inject(Router), session: TestBed.inject(Session) };
};

const two = [
  {
    id: 'p1',
    name: 'Growth',
    slug: 'growth',
    organizationId: 'o1',
    publishMode: 'each' as const,
    limits: {},
  },
  { id: 'p2', name: 'Board', slug: 'board', organizationId: 'o1', publishMode: 'each' as const, limits: {} },
];

const enter = async (
  url: string,
  me: Me | null,
): Promise<{ harness: RouterTestingHarness; router: Router }> => {
  const { router } = start();
  const harness = await RouterTestingHarness.create();
  void router.navigateByUrl(url);
  await settle();
  await answer('/api/auth/me', me ?? problemBody(401, 'unauthenticated', 'Sign in first.'), {
    status: me ? 200 : 401,
  });
  await settle();
  return { harness, router };
};

const fill = (page: HTMLElement, values: Record<string, string>): void => {
  for (const [name, value] of Object.entries(values)) {
    const field = page.querySelector<HTMLInputElement>(`input[formcontrolname=${name}]`);
    if (!field) throw new Error(`no field ${name}`);
    field.value = value;
    field.dispatchEvent(new Event('input'));
  }
};

describe('without a session', () => {
  it('one signs in first, and comes back to the page one asked for', async () => {
    const { harness, router } = await enter('/p/p1/models/m1?tab=rows', null);
    expect(router.url).toBe('/sign-in?then=%2Fp%2Fp1%2Fmodels%2Fm1%3Ftab%3Drows');
    await answer('/api/auth/set-up', { needed: false });
    const page = harness.routeNativeElement as HTMLElement;
    fill(page, { email: 'ada@acme.test', password: 'right' });
    page.querySelector<HTMLElement>('button[type=submit]')?.click();
    await settle();
    await answer('/api/auth/sign-in', aPerson(), { method: 'POST' });
    expect(router.url).toBe('/p/p1/models/m1?tab=rows');
  });

  it('a wrong password is told, and the form stays', async () => {
    const { harness } = await enter('/', null);
    await answer('/api/auth/set-up', { needed: false });
    const page = harness.routeNativeElement as HTMLElement;
    page.querySelector<HTMLElement>('button[type=submit]')?.click();
    await settle();
    TestBed.inject(HttpTestingController).expectNone('/api/auth/sign-in');
    expect(page.textContent).toContain('Enter an e-mail address.');
  });

  it('the first visitor of a new installation creates its owner', async () => {
    const { harness } = await enter('/', null);
    await answer('/api/auth/set-up', { needed: true });
    const page = harness.routeNativeElement as HTMLElement;
    expect(page.textContent).toContain('Set up Freshet');
    const values = {
      organizationName: 'Acme',
      name: 'Ada',
      email: 'ada@acme.test',
      password: 'twelve chars!',
    };
    fill(page, values);
    page.querySelector<HTMLElement>('button[type=submit]')?.click();
    await settle();
    const { request } = TestBed.inject(HttpTestingController).expectOne({
      method: 'POST',
      url: '/api/auth/set-up',
    });
    expect(request.body).toEqual(values);
  });
});

describe('with a session', () => {
  it('the only workspace is entered at once', async () => {
    expect((await enter('/', aPerson())).router.url).toBe('/p/p1/sources');
    TestBed.resetTestingModule();
    expect((await enter('/models/m1', aPerson())).router.url).toBe('/p/p1/models/m1');
  });

  it('one of several is chosen, and leads to the page that was asked for', async () => {
    const { harness, router } = await enter('/models/m1', aPerson({ projects: two }));
    expect(router.url).toBe('/workspaces?then=%2Fmodels%2Fm1');
    const links = [...(harness.routeNativeElement as HTMLElement).querySelectorAll('li a')].map((a) =>
      a.getAttribute('href'),
    );
    expect(links).toEqual(['/p/p2/models/m1', '/p/p1/models/m1']);
  });

  it('the workspace that was open last is offered first', async () => {
    localStorage.setItem('freshet.project', 'p1');
    const { harness } = await enter('/', aPerson({ projects: two }));
    expect((harness.routeNativeElement as HTMLElement).querySelector('li a')?.textContent).toContain(
      'Growth',
    );
  });

  it('a new workspace is created and entered', async () => {
    const { harness, router } = await enter('/models/m1', aPerson({ projects: two }));
    const page = harness.routeNativeElement as HTMLElement;
    fill(page, { name: 'Third' });
    page.querySelector<HTMLElement>('fr-new-workspace button')?.click();
    await settle();
    const third = {
      id: 'p3',
      name: 'Third',
      slug: 'third',
      organizationId: 'o1',
      publishMode: 'each' as const,
      limits: {},
    };
    await answer('/api/projects', third, { method: 'POST', status: 201 });
    await answer('/api/auth/me', aPerson({ projects: [...two, third] }));
    expect(router.url).toBe('/p/p3/models/m1');
  });

  it('the project of somebody else leads to the chooser', async () => {
    expect((await enter('/p/p9/models', aPerson({ projects: two }))).router.url).toBe('/workspaces');
  });

  it('a session that ends leads to signing in, and back', async () => {
    const { router } = await enter('/p/p1/models', aPerson());
    const call = TestBed.inject(Api).call('listModels', { params: { projectId: 'p1' } });
    const refused = expect(call).rejects.toMatchObject({ code: 'unauthenticated' });
    await answer('/api/projects/p1/data-models', problemBody(401, 'unauthenticated', 'Sign in first.'), {
      status: 401,
    });
    await refused;
    await settle();
    expect(router.url).toBe('/sign-in?then=%2Fp%2Fp1%2Fmodels');
    expect(TestBed.inject(Session).me()).toBeNull();
  });

  it('viewers may not edit', () => {
    const { session } = start();
    session.entered(aPerson());
    expect(session.mayEdit()).toBe(true);
    session.entered(aPerson({ organization: { id: 'o1', name: 'Acme', role: 'viewer' } }));
    expect(session.mayEdit()).toBe(false);
  });
});
