import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aSource } from '../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { Session } from '../session/session';
import { sourceRoutes } from './sources.routes';

const visit = async (path: string): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
  });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create(`/p/p1/sources/${path}`);
  await settle();
  return harness.routeNativeElement as HTMLElement;
};

const type = async (page: HTMLElement, name: string, value: string): Promise<void> => {
  const field = page.querySelector<HTMLInputElement>(`input[formcontrolname=${name}]`);
  if (!field) throw new Error(`no field ${name}`);
  field.value = value;
  field.dispatchEvent(new Event('input'));
  await settle();
};

const press = async (page: HTMLElement, name: string): Promise<void> => {
  const found = [...page.querySelectorAll('button')].find((element) => element.textContent.trim() === name);
  if (!found) throw new Error(`no button "${name}"`);
  found.click();
  await settle();
};

const passed = { ok: true, checks: [{ name: 'Open the file', ok: true, message: 'The file is there.' }] };
const found = {
  streams: [
    {
      name: 'traffic',
      columns: [
        { name: 'date', type: 'date' },
        { name: 'sessions', type: 'bigint' },
      ],
      sample: [['2026-11-12', 1_200]],
    },
  ],
};

const tested = async (): Promise<HTMLElement> => {
  const page = await visit('new/file');
  await type(page, 'url', 'https://x.test/Daily%20traffic.csv');
  await press(page, 'Test connection');
  await answer('/api/data-sources/check', passed, { method: 'POST' });
  await answer('/api/data-sources/discover', found, { method: 'POST' });
  return page;
};

describe('adding a source', () => {
  it('begins with the kind of source', async () => {
    const page = await visit('new');
    await answer('/api/connectors', {
      items: [
        {
          type: 'file',
          name: 'File / HTTP',
          description: 'From an address.',
          auth: 'none',
          configSchema: {},
          credentialsSchema: null,
          docsUrl: null,
          streams: [],
          provisionalDays: 0,
        },
      ],
      nextCursor: null,
    });
    expect(page.querySelector('a[href="/p/p1/sources/new/file"]')?.textContent).toContain('File / HTTP');
  });

  it('tests the connection step by step, and says which step failed and why', async () => {
    const page = await visit('new/file');
    await type(page, 'url', 'https://x.test/a.csv');
    await press(page, 'Test connection');
    const checks = [
      { name: 'Open the file', ok: false, message: 'The address answered 404. Check the path.' },
    ];
    await answer('/api/data-sources/check', { ok: false, checks }, { method: 'POST' });
    expect(page.querySelector('fr-connection-check')?.textContent).toContain('Open the file: failed');
    expect(page.querySelector('fr-connection-check')?.textContent).toContain('Check the path.');
    expect(page.textContent).not.toContain('Add source and sync');
  });

  it('asks for an address before it asks the server', async () => {
    const page = await visit('new/file');
    await type(page, 'url', 'nonsense');
    await press(page, 'Test connection');
    TestBed.inject(HttpTestingController).expectNone('/api/data-sources/check');
    expect(page.querySelector('mat-error')?.textContent).toContain('begins with https:// or http://');
  });

  it('shows the columns and rows that were found, and suggests names', async () => {
    const page = await tested();
    expect(page.querySelector('fr-sample-table')?.textContent).toContain('sessions');
    expect(page.querySelector('fr-sample-table td.number')?.textContent).toContain('1200');
    expect(page.querySelector<HTMLInputElement>('input[formcontrolname=name]')?.value).toBe('Daily traffic');
    expect(page.querySelector<HTMLInputElement>('input[formcontrolname=slug]')?.value).toBe('daily_traffic');
  });

  it('wants a new test once the address is another', async () => {
    const page = await tested();
    await type(page, 'url', 'https://x.test/other.csv');
    expect(page.textContent).not.toContain('Add source and sync');
    expect(page.querySelector('fr-connection-check li')).toBeNull();
  });

  it('creates the source and goes to its page', async () => {
    const page = await tested();
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await press(page, 'Add source and sync');
    const request = TestBed.inject(HttpTestingController).expectOne('/api/projects/p1/data-sources');
    expect(request.request.body).toMatchObject({
      type: 'file',
      name: 'Daily traffic',
      slug: 'daily_traffic',
      config: { mode: 'replace-all' },
    });
    expect(request.request.headers.get('Idempotency-Key')).toBeTruthy();
    request.flush(aSource({ id: 's7' }), { status: 201, statusText: 'Created' });
    await settle();
    expect(navigate).toHaveBeenCalledWith(['/p', 'p1', 'sources', 's7']);
  });

  it('says at its field that a name is taken', async () => {
    const page = await tested();
    await press(page, 'Add source and sync');
    await answer(
      '/api/projects/p1/data-sources',
      problemBody(409, 'name_taken', 'Another source has that name.'),
      { method: 'POST', status: 409 },
    );
    expect([...page.querySelectorAll('mat-error')].map((error) => error.textContent.trim())).toContain(
      'Another source has that name.',
    );
  });

  it('tells a problem of the test itself with what to do', async () => {
    const page = await visit('new/file');
    await type(page, 'url', 'https://10.0.0.1/a.csv');
    await press(page, 'Test connection');
    const problem = problemBody(422, 'address_not_allowed', 'That address is private.', {
      action: 'Ask the operator.',
    });
    await answer('/api/data-sources/check', problem, { method: 'POST', status: 422 });
    expect(page.querySelector('fr-problem')?.textContent).toContain('Ask the operator.');
  });
});
