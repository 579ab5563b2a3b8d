import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Model, Refresh } from '@freshet/contracts';
import { LiveUpdates } from '../live/live-updates';
import { Session } from '../session/session';
import { ModelPage } from './model-page';
import { aModel, aRefresh } from '../../testing/examples';
import { FakeSocket, clientWithoutNetwork } from '../../testing/fake-server';

const model = aModel({ dashboards: [{ id: '30', name: 'Growth' }] });
const refresh = aRefresh();

describe('the page of a model', () => {
  let http: HttpTestingController;
  let socket: FakeSocket;
  let page: HTMLElement;
  const toasts: string[] = [];

  const text = (selector: string): string =>
    page.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  const until = async (shown: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100 && !shown(); turn += 1) {
      await new Promise((resume) => setTimeout(resume));
      TestBed.tick();
    }
  };
  /** Answers every read under way with these. */
  const answer = (now: Partial<Model>, history: Refresh[] = [refresh]): void => {
    TestBed.tick();
    for (const request of http.match('/api/data-models/20')) request.flush({ ...model, ...now });
    for (const request of http.match((sent) => sent.url === '/api/refresh/history/20'))
      request.flush({ items: history, nextCursor: null });
    for (const request of http.match((sent) => sent.url === '/api/projects/p1/data-sources'))
      request.flush({ items: [], nextCursor: null });
  };

  beforeEach(async () => {
    toasts.length = 0;
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    socket = TestBed.inject(FakeSocket);
    TestBed.inject(Session).entered({
      kind: 'user',
      userId: '1',
      email: 'a@b.test',
      name: 'A',
      operator: false,
      organization: { id: '1', name: 'Acme', role: 'editor' },
      projects: [],
    });
    const open = jest.spyOn(TestBed.inject(MatSnackBar), 'open');
    open.mockImplementation((message) => {
      toasts.push(message);
      return { onAction: () => ({ subscribe: () => undefined }) } as never;
    });
    http = TestBed.inject(HttpTestingController);
    TestBed.inject(LiveUpdates).follow('p1');
    socket.listener?.connected();
    await Promise.resolve();
    await Promise.resolve();
    const fixture = TestBed.createComponent(ModelPage);
    fixture.componentRef.setInput('projectId', 'p1');
    fixture.componentRef.setInput('modelId', '20');
    page = fixture.nativeElement as HTMLElement;
    answer({});
    await until(() => page.querySelector('[data-testid="refresh"]') !== null);
    answer({});
  });

  it('says how fresh it is, how many rows changed, and why', () => {
    expect(text('[data-testid="model-state"]')).toMatch(
      /^fresh ?v18 ?refreshed .* ago ?18,940 rows ?312 changed ?took 0\.8 s$/,
    );
    expect(text('[data-testid="model-why"]')).toBe('ga_main.traffic went from 812 to 813.');
  });

  it('shows a refresh from being asked for until it is published, by events alone', async () => {
    page.querySelector<HTMLButtonElement>('[data-testid="refresh-now"]')?.click();
    http
      .expectOne('/api/refresh/data-model/20')
      .flush({ refreshId: '901', joined: false }, { status: 202, statusText: 'Accepted' });
    await until(
      () => http.match(() => false).length === 0 && text('[data-testid="refresh-now"]').includes('Queued'),
    );
    answer({ status: 'QUEUED', activeRefreshId: '901' });
    await until(() => text('[data-testid="model-state"]').startsWith('queued'));
    expect(text('[data-testid="refresh-now"]')).toBe('Queued…');

    socket.send('model:refresh:started', { modelId: '20', refreshId: '901' });
    answer({ status: 'REFRESHING', activeRefreshId: '901' });
    await until(() => text('[data-testid="model-state"]').startsWith('refreshing'));
    expect(text('[data-testid="refresh-now"]')).toBe('Refreshing…');

    const done: Refresh = { ...refresh, id: '901', version: 19, rowsAfter: 18_964 };
    socket.send('model:refresh:completed', { modelId: '20', refreshId: '901', published: true, version: 19 });
    answer({ version: 19 }, [done, refresh]);
    http.expectOne('/api/refreshes/901').flush(done);
    await until(() => text('[data-testid="model-state"]').startsWith('freshv19') && toasts.length > 0);
    expect(toasts).toEqual(['daily_sessions: published v19 with 18,964 rows (+12 ~300)']);
    expect(page.querySelectorAll('[data-testid="refresh"]')).toHaveLength(2);
  });

  it('shows the SQL that was executed when a refresh is opened', async () => {
    page.querySelector<HTMLButtonElement>('[data-testid="refresh"] button')?.click();
    await until(() => http.match(() => false).length === 0);
    TestBed.tick();
    http.expectOne('/api/refreshes/900').flush(refresh);
    await until(() => page.querySelector('[data-testid="refresh"] pre') !== null);
    expect(text('[data-testid="refresh"] pre')).toBe('CREATE TABLE x AS SELECT 1');
  });

  it('leaves other models’ events alone', () => {
    socket.send('model:refresh:started', { modelId: '21', refreshId: '1' });
    TestBed.tick();
    http.verify();
  });
});
