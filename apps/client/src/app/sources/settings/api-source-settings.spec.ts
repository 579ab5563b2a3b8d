import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Connection, ConnectorInfo, Source } from '@freshet/contracts';
import { aPerson, aSource, minutesAgo } from '../../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../../testing/fake-server';
import { Session } from '../../session/session';
import { PageLoad } from '../connect/page-load';
import { sourceRoutes } from '../sources.routes';

const connector: ConnectorInfo = {
  type: 'google-analytics',
  name: 'Google Analytics',
  description: '',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: [], ready: true },
  archives: false,
  webhook: false,
  sandbox: null,
  configSchema: {
    type: 'object',
    required: ['propertyId'],
    properties: { propertyId: { type: 'string' }, lookbackDays: { type: 'integer', default: 3 } },
  },
  credentialsSchema: null,
  docsUrl: null,
  streams: [],
  provisionalDays: 3,
  templates: [],
};
const klaviyo: ConnectorInfo = {
  ...connector,
  type: 'klaviyo',
  auth: 'key',
  oauth: null,
  configSchema: { type: 'object', properties: {} },
  credentialsSchema: { type: 'object', required: ['apiKey'], properties: { apiKey: { type: 'string' } } },
};
const connection = (id: string, name: string): Connection => ({
  ...{ id, name, account: name, provider: 'google', scopes: [], status: 'active', statusReason: null },
  ...{ sources: [], createdBy: 'Ada', createdAt: minutesAgo(5), revision: 1 },
});
const used = { id: 'c7', name: 'ada@acme.test', account: null, status: 'active' as const };
const config = { propertyId: '123', lookbackDays: 5 };
const list = (items: object[]): object => ({ items, nextCursor: null });
let left: string | null = null;

const visit = async (info: ConnectorInfo, source: Partial<Source>, connections: Connection[] = []) => {
  left = null;
  TestBed.configureTestingModule({
    providers: [
      ...clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
      { provide: PageLoad, useValue: { to: (url: string) => void (left = url) } },
    ],
  });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create('/p/p1/sources/s1/settings');
  await settle();
  await answer('/api/data-sources/s1', aSource({ type: info.type, config, lastSyncAt: null, ...source }));
  for (const call of TestBed.inject(HttpTestingController).match('/api/connectors')) call.flush(list([info]));
  await settle();
  await answer('/api/connections', list(connections));
  return harness.routeNativeElement as HTMLElement;
};
const press = async (page: HTMLElement, name: string): Promise<void> => {
  const found = [...page.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name);
  if (!found) throw new Error(`no button "${name}" in: ${page.textContent}`);
  found.click();
  await settle();
};
const type = async (page: HTMLElement, selector: string, value: string): Promise<void> => {
  const field = page.querySelector<HTMLInputElement>(selector);
  if (!field) throw new Error(`no field ${selector}`);
  field.value = value;
  field.dispatchEvent(new Event('input'));
  await settle();
};
const patched = (): unknown =>
  TestBed.inject(HttpTestingController).expectOne((call) => call.method === 'PATCH').request.body;
const offer = (): Promise<void> =>
  answer(
    '/api/data-sources/discover',
    { streams: [], choices: [{ field: 'propertyId', value: '123', label: 'Our shop', detail: '' }] },
    { method: 'POST' },
  );

describe('the settings of a source that reads an account', () => {
  it('shows its settings as chosen, by the names the vendor has for them', async () => {
    const page = await visit(connector, { connection: used }, [connection('c7', 'ada@acme.test')]);
    await offer();
    expect(page.querySelector('fr-schema-form mat-select')?.textContent).toContain('Our shop');
    expect(page.querySelector<HTMLInputElement>('fr-schema-form input')?.value).toBe('5');
  });

  it('saves what was changed of them, and leaves the rest of the config as it is', async () => {
    const page = await visit(connector, { connection: used, config: { ...config, unseen: true } });
    await offer();
    await type(page, 'fr-schema-form input', '7');
    await press(page, 'Save');
    expect(patched()).toMatchObject({
      config: { propertyId: '123', lookbackDays: 7, unseen: true },
      newStreams: 'add',
      archives: false,
    });
  });

  it('does not touch the config when only the name changed', async () => {
    const page = await visit(connector, { connection: used });
    await offer();
    await type(page, 'input[formcontrolname=name]', 'Renamed');
    await press(page, 'Save');
    expect(patched()).not.toHaveProperty('config');
  });

  it('leads to consent again, and back to the settings', async () => {
    const page = await visit(connector, { connection: { ...used, status: 'needs_reconnect' } });
    await press(page, 'Reconnect');
    expect(left).toContain('connectionId=c7');
    expect(left).toContain(encodeURIComponent('/p/p1/sources/s1/settings'));
  });

  it('asks for other keys unseen, only when they are to be changed', async () => {
    const page = await visit(klaviyo, {});
    expect(page.querySelector('fr-account-settings input')).toBeNull();
    await press(page, 'Change the keys …');
    await type(page, 'fr-account-settings input[type=password]', 'pk_new');
    await press(page, 'Use these keys');
    expect(patched()).toEqual({ credentials: { apiKey: 'pk_new' } });
  });

  it('asks for them at once when the vendor no longer takes the old ones, and says at the field what is wrong', async () => {
    const page = await visit(klaviyo, { status: 'needs_reconnect' });
    await type(page, 'fr-account-settings input', 'pk_no');
    await press(page, 'Use these keys');
    const errors = [{ path: 'credentials.apiKey', message: 'A private key begins with pk_.' }];
    await answer('/api/data-sources/s1', problemBody(422, 'invalid_input', 'Not valid.', { errors }), {
      method: 'PATCH',
      status: 422,
    });
    expect(page.querySelector('fr-account-settings mat-error')?.textContent).toContain('begins with pk_');
  });
});
