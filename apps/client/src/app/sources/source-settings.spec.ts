import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aSource } from '../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { ApiProblem } from '../api/api-problem';
import { Session } from '../session/session';
import { dependentsOf } from './settings/delete-source';
import { sourceRoutes } from './sources.routes';

const url = '/api/data-sources/s1';
const tables = {
  items: [
    { stream: 'traffic', table: 'ga_main.traffic', revision: 1, rowCount: 19_252, bytes: 1, columns: [] },
  ],
  nextCursor: null,
};

const visit = async (): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
  });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create('/p/p1/sources/s1/settings');
  await settle();
  await answer(url, aSource());
  return harness.routeNativeElement as HTMLElement;
};

const type = async (page: HTMLElement, name: string, value: string): Promise<void> => {
  const field = page.querySelector<HTMLInputElement>(`input[formcontrolname=${name}]`);
  if (!field) throw new Error(`no field ${name}`);
  field.value = value;
  field.dispatchEvent(new Event('input'));
  await settle();
};

const press = async (root: ParentNode, name: string): Promise<void> => {
  const found = [...root.querySelectorAll('button')].find((element) =>
    element.textContent.trim().startsWith(name),
  );
  if (!found) throw new Error(`no button "${name}"`);
  found.click();
  await settle();
};

describe('the settings of a source', () => {
  it('saves what changed, on top of the revision it was read at', async () => {
    const page = await visit();
    await type(page, 'name', 'GA renamed');
    await type(page, 'url', 'https://files.test/new.csv');
    await press(page, 'Save');
    const { request } = TestBed.inject(HttpTestingController).expectOne((r) => r.method === 'PATCH');
    expect(request.headers.get('If-Match')).toBe('3');
    expect(request.body).toMatchObject({
      name: 'GA renamed',
      config: { url: 'https://files.test/new.csv' },
      schedule: { every: 60 },
    });
  });

  it('leaves the configuration alone when the address is the same', async () => {
    const page = await visit();
    await type(page, 'name', 'GA renamed');
    await press(page, 'Save');
    const { request } = TestBed.inject(HttpTestingController).expectOne((r) => r.method === 'PATCH');
    expect(request.body).not.toHaveProperty('config');
  });

  it('does not overwrite what another person changed meanwhile, and shows it when asked', async () => {
    const page = await visit();
    await type(page, 'name', 'Mine');
    await press(page, 'Save');
    await answer(url, problemBody(412, 'changed_meanwhile', 'This was changed meanwhile.'), {
      method: 'PATCH',
      status: 412,
    });
    expect(page.querySelector('fr-problem')?.textContent).toContain('This was changed meanwhile.');
    await press(page, 'Show what is there now');
    await answer(url, aSource({ name: 'Theirs', revision: 4 }));
    expect(page.querySelector<HTMLInputElement>('input[formcontrolname=name]')?.value).toBe('Theirs');
  });

  it('shows what the server finds wrong at the field it is about', async () => {
    const page = await visit();
    await type(page, 'url', 'https://10.0.0.1/x.csv');
    await press(page, 'Save');
    const errors = [{ path: 'config.url', message: 'That address is private.' }];
    await answer(url, problemBody(400, 'invalid_input', 'Not valid.', { errors }), {
      method: 'PATCH',
      status: 400,
    });
    expect(page.querySelector('mat-error')?.textContent).toContain('That address is private.');
  });

  it('asks nothing of the server while a field is wrong', async () => {
    const page = await visit();
    await type(page, 'name', '');
    await press(page, 'Save');
    TestBed.inject(HttpTestingController).expectNone((r) => r.method === 'PATCH');
    expect(page.querySelector('mat-error')?.textContent).toContain('Give it a name.');
  });
});

describe('deleting a source', () => {
  afterEach(() => TestBed.inject(MatDialog).closeAll());

  const dialog = async (): Promise<HTMLElement> => {
    await settle();
    const open = [...document.querySelectorAll<HTMLElement>('mat-dialog-container')].at(-1);
    if (!open) throw new Error('no dialog');
    return open;
  };

  it('names its tables and rows, then what reads them, and deletes only after both', async () => {
    const page = await visit();
    await press(page, 'Delete source');
    await answer(`${url}/tables`, tables);
    const first = await dialog();
    expect(first.textContent).toContain('table ga_main.traffic with 19,252 rows');
    await press(first, 'Delete source');
    const dependents = {
      models: [{ id: 'm1', name: 'daily_sessions' }],
      dashboards: [{ id: 'd1', name: 'Growth' }],
    };
    await answer(url, problemBody(409, 'has_dependents', 'Others read it.', { dependents }), {
      method: 'DELETE',
      status: 409,
    });
    const second = await dialog();
    expect(second.textContent).toContain('model daily_sessions');
    expect(second.textContent).toContain('dashboard Growth');
    await press(second, 'Delete all the same');
    const request = TestBed.inject(HttpTestingController).expectOne((r) => r.method === 'DELETE');
    expect(request.request.params.get('confirm')).toBe('true');
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    request.flush(null, { status: 204, statusText: 'No Content' });
    await settle();
    expect(navigate).toHaveBeenCalledWith(['/p', 'p1', 'sources']);
  });

  it('deletes nothing when it is not confirmed', async () => {
    const page = await visit();
    await press(page, 'Delete source');
    await answer(`${url}/tables`, tables);
    await press(await dialog(), 'Cancel');
    TestBed.inject(HttpTestingController).expectNone((r) => r.method === 'DELETE');
  });

  it('reads dependents in either form', () => {
    const named = (dependents: unknown) =>
      dependentsOf(new ApiProblem({ code: 'has_dependents', detail: '', ...{ dependents } }));
    expect(named([{ kind: 'model', id: 'm1', name: 'a' }])).toMatchObject([{ kind: 'model', name: 'a' }]);
    expect(named({ models: [{ id: 'm1', name: 'a' }] })).toMatchObject([{ kind: 'model', name: 'a' }]);
    expect(named(undefined)).toEqual([]);
  });
});
