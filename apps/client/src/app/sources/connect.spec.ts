import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Connection, ConnectorInfo } from '@freshet/contracts';
import { aPerson, aSource, minutesAgo } from '../../testing/examples';
import { answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { Session } from '../session/session';
import { PageLoad } from './connect/page-load';
import { sourceRoutes } from './sources.routes';

const left: string[] = [];

const visit = async (path: string): Promise<HTMLElement> => {
  left.length = 0;
  TestBed.configureTestingModule({
    providers: [
      ...clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
      { provide: PageLoad, useValue: { to: (url: string) => void left.push(url) } },
    ],
  });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create(`/p/p1/sources/${path}`);
  await settle();
  return harness.routeNativeElement as HTMLElement;
};

const press = async (page: HTMLElement, name: string): Promise<void> => {
  const found = [...page.querySelectorAll('button')].find((element) => element.textContent.trim() === name);
  if (!found) throw new Error(`no button "${name}" in: ${page.textContent}`);
  found.click();
  await settle();
};

const analytics: ConnectorInfo = {
  type: 'google-analytics',
  name: 'Google Analytics 4',
  description: 'Sessions, pages and events.',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: ['analytics.readonly'], ready: true },
  archives: false,
  webhook: false,
  sandbox: null,
  configSchema: { type: 'object', required: ['propertyId'], properties: { propertyId: { type: 'string' } } },
  credentialsSchema: null,
  docsUrl: null,
  streams: ['traffic', 'pages'].map((name) => ({
    name,
    description: `Rows of ${name}`,
    mode: 'replace-window',
    key: ['date'],
    lookbackDays: 3,
    provisionalDays: 3,
    byDays: true,
  })),
  provisionalDays: 3,
  templates: [],
};
const klaviyo: ConnectorInfo = {
  ...analytics,
  type: 'klaviyo',
  name: 'Klaviyo',
  auth: 'key',
  oauth: null,
  sandbox: { credentials: { apiKey: 'pk_sandbox' }, config: {} },
  configSchema: { type: 'object', properties: {} },
  credentialsSchema: { type: 'object', required: ['apiKey'], properties: { apiKey: { type: 'string' } } },
};
const connection: Connection = {
  id: 'c7',
  provider: 'google',
  name: 'ada@acme.test',
  account: 'ada@acme.test',
  scopes: ['analytics.readonly'],
  status: 'active',
  statusReason: null,
  sources: [],
  createdBy: 'Ada',
  createdAt: minutesAgo(5),
  revision: 1,
};
const list = (items: object[]): object => ({ items, nextCursor: null });
const passed = { ok: true, checks: [{ name: 'Access', ok: true, message: 'The property can be read.' }] };
const choices = [{ field: 'propertyId', value: '123', label: 'Acme shop', detail: 'Acme' }];
const bodyOf = (url: string): Record<string, unknown> =>
  TestBed.inject(HttpTestingController).expectOne((call) => call.url === url && call.method === 'POST')
    .request.body as Record<string, unknown>;

describe('connecting a source', () => {
  it('sends the person to the provider for consent, and back to this page', async () => {
    const page = await visit('new/google-analytics');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([]));
    await press(page, 'Connect with Google');
    const url = new URL(left[0] ?? '', 'http://site');
    expect([url.pathname, url.searchParams.get('type'), url.searchParams.get('returnTo')]).toEqual([
      '/api/oauth/google/start',
      'google-analytics',
      '/p/p1/sources/new/google-analytics',
    ]);
  });

  it('goes on with the account just connected: choose, test, name, sync', async () => {
    const page = await visit('new/google-analytics?connection=c7');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([connection]));
    await answer('/api/data-sources/discover', { streams: [], choices }, { method: 'POST' });
    await press(page, 'Test connection');
    await answer('/api/data-sources/check', passed, { method: 'POST' });
    expect(page.textContent).toContain('The property can be read.');
    const name = page.querySelector<HTMLInputElement>('input[formcontrolname=name]');
    expect(name?.value).toBe('Google Analytics 4 · Acme shop');
    await press(page, 'Add source and sync');
    expect(bodyOf('/api/projects/p1/data-sources')).toMatchObject({
      type: 'google-analytics',
      connectionId: 'c7',
      config: { propertyId: '123' },
      firstWindowDays: 90,
      slug: 'ga_acme_shop',
    });
  });

  it('says what to do after consent was denied', async () => {
    const page = await visit('new/google-analytics?refused=denied');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([]));
    expect(page.querySelector('[role=alert]')?.textContent).toMatch(/did not give consent.*Allow/s);
  });

  it('does not take an account that was connected for other data', async () => {
    const page = await visit('new/google-analytics');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([{ ...connection, scopes: ['adwords'] }]));
    expect(page.querySelector<HTMLInputElement>('mat-radio-button input')?.disabled).toBe(true);
    expect(page.querySelector('fr-account-step')?.textContent).toContain('connected for other data');
    await press(page, 'Connect with Google');
    // Another connection: the one that is there keeps what it was given.
    expect(left[0]).not.toContain('connectionId');
  });

  it('asks for this data, too, with an account that was connected for other data', async () => {
    const page = await visit('new/google-analytics');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([{ ...connection, scopes: ['adwords'] }]));
    await press(page, 'Let ada@acme.test serve Google Analytics 4, too');
    expect(new URL(left[0] ?? '', 'http://site').searchParams.get('connectionId')).toBe('c7');
  });

  it('does not offer consent where the installation is not registered', async () => {
    const page = await visit('new/google-analytics');
    await answer('/api/connectors', list([{ ...analytics, oauth: { ...analytics.oauth, ready: false } }]));
    await answer('/api/connections', list([]));
    expect(page.textContent).toContain('not registered with Google');
    expect(
      [...page.querySelectorAll('button')].some(({ textContent }) => textContent.includes('Connect with')),
    ).toBe(false);
  });

  it('takes keys unseen, and offers those of a sandbox', async () => {
    const page = await visit('new/klaviyo');
    await answer('/api/connectors', list([klaviyo]));
    await answer('/api/connections', list([]));
    expect(page.querySelector('fr-account-step input')?.getAttribute('type')).toBe('password');
    expect(page.textContent).toContain('the accounts and numbers are made up');
    await press(page, 'Use the sandbox keys');
    await press(page, 'Test connection');
    expect(bodyOf('/api/data-sources/check')).toMatchObject({
      type: 'klaviyo',
      credentials: { apiKey: 'pk_sandbox' },
    });
  });

  it('forgets keys that are being changed, and not the settings below', async () => {
    const page = await visit('new/klaviyo');
    await answer('/api/connectors', list([klaviyo]));
    await answer('/api/connections', list([]));
    await press(page, 'Use the sandbox keys');
    expect(page.textContent).toContain('Test connection');
    const field = page.querySelector<HTMLInputElement>('fr-account-step input');
    if (!field) throw new Error('no field for the key');
    field.value = 'pk_other';
    field.dispatchEvent(new Event('input'));
    await settle();
    expect(page.textContent).not.toContain('Test connection');
    await press(page, 'Continue');
    await press(page, 'Test connection');
    expect(bodyOf('/api/data-sources/check')).toMatchObject({ credentials: { apiKey: 'pk_other' } });
  });

  it('takes tables of a database and queries beside them', async () => {
    const streams = { type: 'array', items: { type: 'object' } };
    const database: ConnectorInfo = {
      ...klaviyo,
      type: 'postgresql',
      name: 'PostgreSQL',
      streams: [],
      configSchema: { type: 'object', properties: { streams } },
    };
    const page = await visit('new/postgresql');
    await answer('/api/connectors', list([database]));
    await answer('/api/connections', list([]));
    await press(page, 'Use the sandbox keys');
    await press(page, 'Test connection');
    await answer('/api/data-sources/check', passed, { method: 'POST' });
    const orders = { table: 'public.orders', key: ['id'] };
    const found = {
      name: 'orders',
      description: '',
      key: ['id'],
      cursor: null,
      config: orders,
      columns: [],
      sample: [],
    };
    await answer('/api/data-sources/discover', { streams: [found], choices: [] }, { method: 'POST' });
    page.querySelector<HTMLInputElement>('fr-choose-tables input[type=checkbox]')?.click();
    await press(page, 'Add a query');
    const type = (field: string, value: string): void => {
      const input = page.querySelector<HTMLInputElement>(`fr-stream-entries [formcontrolname=${field}]`);
      if (!input) throw new Error(`no field ${field}`);
      input.value = value;
      input.dispatchEvent(new Event('input'));
    };
    type('name', 'paid orders');
    type('query', 'SELECT * FROM orders WHERE paid');
    await press(page, 'Add this query');
    expect(page.querySelector('fr-stream-entries mat-error')?.textContent).toContain('small letters');
    type('name', 'paid');
    type('key', 'id, line');
    await press(page, 'Add this query');
    await press(page, 'Add source and sync');
    expect(bodyOf('/api/projects/p1/data-sources')['config']).toEqual({
      streams: [orders, { name: 'paid', query: 'SELECT * FROM orders WHERE paid', key: ['id', 'line'] }],
    });
  });

  it('has a page for a connector that is not there', async () => {
    const page = await visit('new/nonsense');
    await answer('/api/connectors', list([analytics]));
    expect(page.textContent).toContain('There is no such connector');
  });
});

describe('leaving for consent in the middle of it', () => {
  const begin = async (): Promise<void> => {
    const page = await visit('new/google-analytics?connection=c7');
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([connection]));
    await answer('/api/data-sources/discover', { streams: [], choices }, { method: 'POST' });
    await press(page, 'Test connection');
    await answer('/api/data-sources/check', passed, { method: 'POST' });
    const name = page.querySelector<HTMLInputElement>('input[formcontrolname=name]');
    if (!name) throw new Error('no name');
    name.value = 'Our shop';
    name.dispatchEvent(new Event('input'));
    await press(page, 'Connect another Google account');
    TestBed.resetTestingModule();
  };
  const comeBack = async (query: string): Promise<HTMLElement> => {
    const page = await visit(`new/google-analytics${query}`);
    await answer('/api/connectors', list([analytics]));
    await answer('/api/connections', list([connection, { ...connection, id: 'c8', name: 'bea@acme.test' }]));
    return page;
  };
  const test = async (page: HTMLElement): Promise<string | undefined> => {
    await press(page, 'Test connection');
    await answer('/api/data-sources/check', passed, { method: 'POST' });
    return page.querySelector<HTMLInputElement>('input[formcontrolname=name]')?.value;
  };
  beforeEach(() => sessionStorage.clear());

  it('finds what was typed again, with the new account', async () => {
    await begin();
    const page = await comeBack('?connection=c8');
    await answer('/api/data-sources/discover', { streams: [], choices }, { method: 'POST' });
    expect(page.querySelector<HTMLInputElement>('mat-radio-button input:checked')?.value).toBe('c8');
    expect(await test(page)).toBe('Our shop');
  });

  it('goes on with the account of before when consent was denied', async () => {
    await begin();
    const page = await comeBack('?refused=denied');
    await answer('/api/data-sources/discover', { streams: [], choices }, { method: 'POST' });
    expect(page.querySelector<HTMLInputElement>('mat-radio-button input:checked')?.value).toBe('c7');
    expect(await test(page)).toBe('Our shop');
  });

  it('does not take over what another account had to choose from', async () => {
    await begin();
    const page = await comeBack('?connection=c8');
    const others = ['5', '6'].map((value) => ({ ...choices[0], value, label: `Shop ${value}` }));
    await answer('/api/data-sources/discover', { streams: [], choices: others }, { method: 'POST' });
    await press(page, 'Test connection');
    TestBed.inject(HttpTestingController).expectNone('/api/data-sources/check');
    expect(page.querySelector('mat-select')?.textContent).not.toContain('123');
  });

  it('begins anew for somebody who did not come from there', async () => {
    await begin();
    const page = await comeBack('');
    expect(page.querySelector('mat-radio-button input:checked')).toBeNull();
    expect(sessionStorage).toHaveLength(0);
  });
});

describe('what a source needs a person for', () => {
  const source = (change: object) => aSource({ type: 'google-analytics', ...change });

  it('is consent again: its button leads to the provider and back to the source', async () => {
    const page = await visit('s1/streams');
    const { id, name, account } = connection;
    await answer('/api/data-sources/s1', source({ status: 'needs_reconnect', statusReason: 'Access was revoked.', connection: { id, name, account, status: 'needs_reconnect' } })); // prettier-ignore
    await answer('/api/connectors', list([analytics]));
    expect(page.textContent).toContain('Access was revoked.');
    await press(page, 'Reconnect');
    expect(left[0]).toContain('connectionId=c7');
    expect(left[0]).toContain(encodeURIComponent('/p/p1/sources/s1'));
  });

  it('is a held run: it says the figures, and one click lets it through', async () => {
    const page = await visit('s1/streams');
    await answer('/api/data-sources/s1', source({ heldRunId: 'r9' }));
    await answer('/api/sync-runs/r9', {
      streams: [{ name: 'traffic', heldWhy: '0 rows; Mondays have about 1,200.' }],
    });
    expect(page.textContent).toContain('0 rows; Mondays have about 1,200.');
    await press(page, 'Let through');
    TestBed.inject(HttpTestingController).expectOne({ method: 'POST', url: '/api/sync-runs/r9/release' });
  });
});
