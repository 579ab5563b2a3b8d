import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { ConnectorInfo, Role, Source } from '@freshet/contracts';
import { aPerson, aSource } from '../../../testing/examples';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../../testing/fake-server';
import { Session } from '../../session/session';
import { sourceRoutes } from '../sources.routes';

const url = '/api/data-sources/s1';
const connector: ConnectorInfo = {
  ...{ type: 'postgresql', name: 'PostgreSQL', description: '', auth: 'key', oauth: null, archives: false },
  ...{ webhook: false, sandbox: null, docsUrl: null, streams: [], provisionalDays: 0, templates: [] },
  configSchema: {
    type: 'object',
    required: ['host'],
    properties: { host: { type: 'string' }, streams: { type: 'array', items: { type: 'object' } } },
  },
  credentialsSchema: { type: 'object', properties: { user: { type: 'string' } } },
};
const orders = { name: 'orders', table: 'public.orders', key: ['id'], cursor: 'updated_at' };
const paid = { name: 'paid', query: 'SELECT * FROM orders WHERE paid', key: ['id'] };
const items = { name: 'items', table: 'public.items', key: ['id'] };
const config = { host: 'db.acme.test', streams: [orders, paid] };
const offered = (entry: typeof orders | typeof items) => ({
  ...{ name: entry.name, description: 'table', key: entry.key, cursor: null, columns: [], sample: [] },
  config: { lookback: 300, ...entry },
});

const visit = async (role: Role = 'editor', change: Partial<Source> = {}): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
  });
  TestBed.inject(Session).entered(aPerson({ organization: { id: 'o1', name: 'Acme', role } }));
  const harness = await RouterTestingHarness.create('/p/p1/sources/s1/settings');
  await settle();
  await answer(url, aSource({ type: 'postgresql', config, lastSyncAt: null, ...change }));
  const backend = TestBed.inject(HttpTestingController);
  for (const call of backend.match('/api/connectors')) call.flush({ items: [connector], nextCursor: null });
  await settle();
  for (const call of backend.match('/api/connections')) call.flush({ items: [], nextCursor: null });
  return harness.routeNativeElement as HTMLElement;
};
const buttonOf = (root: ParentNode, name: string): HTMLButtonElement => {
  const found = [...root.querySelectorAll('button')].find(
    (each) => each.getAttribute('aria-label') === name || each.textContent.trim() === name,
  );
  if (!found) throw new Error(`no button "${name}"`);
  return found;
};
const press = async (root: ParentNode, name: string): Promise<void> => {
  buttonOf(root, name).click();
  await settle();
};
const type = async (page: HTMLElement, field: string, value: string): Promise<void> => {
  const found = page.querySelector<HTMLInputElement>(`fr-entry-form [formcontrolname=${field}]`);
  if (!found) throw new Error(`no field ${field}`);
  found.value = value;
  found.dispatchEvent(new Event('input'));
  await settle();
};
const listed = (page: HTMLElement): string[] =>
  [...page.querySelectorAll('fr-stream-entries li')].map((item) =>
    ['strong', '.state'].map((part) => item.querySelector(part)?.textContent.trim() ?? '').join(' ').trim(),
  ); // prettier-ignore
const patch = () => TestBed.inject(HttpTestingController).expectOne((call) => call.method === 'PATCH');
const answerPatch = (status: number, body: object): Promise<void> =>
  answer(url, body, { method: 'PATCH', status });
const toast = (): string =>
  [...document.querySelectorAll('mat-snack-bar-container')].at(-1)?.textContent ?? '';
const dialog = async (): Promise<HTMLElement> => {
  await settle();
  const open = [...document.querySelectorAll<HTMLElement>('mat-dialog-container')].at(-1);
  if (!open) throw new Error('no dialog');
  return open;
};

describe('the tables of a source in its settings', () => {
  afterEach(() => TestBed.inject(MatDialog).closeAll());

  it('are shown as they are read, without asking the source', async () => {
    const page = await visit();
    expect(listed(page)).toEqual(['orders', 'paid']);
    expect(page.querySelector('fr-stream-entries')?.textContent).toContain('read on by updated_at');
    TestBed.inject(HttpTestingController).expectNone('/api/data-sources/discover');
  });

  it('are added from what the source offers with its own keys, and the next sync is a click away', async () => {
    const page = await visit();
    await press(page, 'Choose tables');
    const ask = TestBed.inject(HttpTestingController).expectOne('/api/data-sources/discover');
    expect(ask.request.body).toEqual({ type: 'postgresql', sourceId: 's1', config: { streams: [] } });
    ask.flush({ streams: [offered(orders), offered(items)], choices: [] });
    await settle();
    const boxes = [...page.querySelectorAll<HTMLInputElement>('fr-choose-tables input[type=checkbox]')];
    expect(boxes.map(({ checked }) => checked)).toEqual([true, false]);
    boxes[1]?.click();
    await settle();
    expect(listed(page)).toEqual(['orders', 'paid', 'items new']);
    await press(page, 'Save');
    const streams = [orders, paid, { lookback: 300, ...items }];
    expect(patch().request.body).toMatchObject({ config: { host: 'db.acme.test', streams } });
  });

  it('say after saving what the next sync does, and offer it', async () => {
    const page = await visit();
    await press(page, 'Change how orders is read');
    await type(page, 'key', 'number, line');
    await press(page, 'Use this');
    expect(listed(page)).toEqual(['orders changed', 'paid']);
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Change how orders is read');
    await press(page, 'Save');
    const streams = [{ ...orders, key: ['number', 'line'] }, paid];
    await answerPatch(200, aSource({ type: 'postgresql', config: { ...config, streams }, revision: 4 }));
    expect(toast()).toContain('The next sync reads orders anew, as changed.');
    expect(listed(page)).toEqual(['orders', 'paid']);
    await press(document, 'Sync now');
    TestBed.inject(HttpTestingController).expectOne({ method: 'POST', url: `${url}/sync` });
  });

  it('go only after the person has seen with how many rows', async () => {
    const page = await visit();
    await press(page, 'Leave out the table orders');
    await press(page, 'Save');
    const tables = [{ table: 'ga_main.orders', rowCount: 1_204 }];
    await answerPatch(409, problemBody(409, 'conflict', 'It would be deleted.', { tables }));
    const question = await dialog();
    expect(question.textContent).toContain('table ga_main.orders with 1,204 rows');
    await press(question, 'Remove and save');
    const { request } = patch();
    expect(request.params.get('confirm')).toBe('true');
    expect(request.body).toMatchObject({ config: { streams: [paid] } });
  });

  it('stay chosen otherwise when the person keeps them: nothing is saved, nothing typed is lost', async () => {
    const page = await visit();
    await press(page, 'Leave out the table orders');
    await press(page, 'Save');
    const tables = [{ table: 'ga_main.orders', rowCount: 1 }];
    await answerPatch(409, problemBody(409, 'conflict', 'It would be deleted.', { tables }));
    await press(await dialog(), 'Cancel');
    TestBed.inject(HttpTestingController).expectNone((call) => call.method === 'PATCH');
    expect(listed(page)).toEqual(['paid']);
    await press(page, 'Undo these changes');
    expect(listed(page)).toEqual(['orders', 'paid']);
  });

  it('that others read are refused by name', async () => {
    const page = await visit();
    await press(page, 'Leave out the table orders');
    await press(page, 'Save');
    const detail = 'The table ga_main.orders is read by the model daily, so it cannot be removed.';
    await answerPatch(409, problemBody(409, 'has_dependents', detail));
    expect(page.querySelector('fr-problem')?.textContent).toContain('read by the model daily');
  });

  it('that cannot be are named with what is wrong', async () => {
    const page = await visit();
    await press(page, 'Change how paid is read');
    await type(page, 'cursor', 'paid_at');
    await type(page, 'key', '');
    await press(page, 'Use this');
    await press(page, 'Save');
    const errors = [{ path: 'config.streams.1.key', message: 'Freshet needs the columns.' }];
    await answerPatch(400, problemBody(400, 'invalid_input', 'Not valid.', { errors }));
    expect(page.querySelector('fr-problem')?.textContent).toContain('paid: Freshet needs the columns.');
  });

  it('are not saved, nor left, while one is still being typed', async () => {
    const page = await visit();
    await press(page, 'Add a query');
    await press(page, 'Save');
    TestBed.inject(HttpTestingController).expectNone((call) => call.method === 'PATCH');
    expect(page.querySelector('fr-problem')?.textContent).toContain('still being changed');
    const leaving = TestBed.inject(Router).navigate(['/p/p1/sources/s1/runs']);
    expect((await dialog()).textContent).toContain('Leave without saving?');
    await press(await dialog(), 'Cancel');
    expect(await leaving).toBe(false);
  });

  it('are asked about when the page is left, and not once they are saved', async () => {
    const page = await visit();
    await press(page, 'Leave out the query paid');
    const leaving = TestBed.inject(Router).navigate(['/p/p1/sources/s1/runs']);
    await press(await dialog(), 'Cancel');
    expect(await leaving).toBe(false);
    await press(page, 'Save');
    await answerPatch(200, aSource({ type: 'postgresql', config: { ...config, streams: [orders] }, revision: 4 })); // prettier-ignore
    expect(await TestBed.inject(Router).navigate(['/p/p1/sources/s1/runs'])).toBe(true);
  });

  it('can be looked at, not changed, by those who only look', async () => {
    const page = await visit('viewer');
    expect(listed(page)).toEqual(['orders', 'paid']);
    expect(page.querySelectorAll('fr-table-settings button')).toHaveLength(0);
  });
});
