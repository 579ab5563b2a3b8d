import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Model } from '@freshet/contracts';
import { LiveUpdates } from '../live/live-updates';
import { Session } from '../session/session';
import { aPerson } from '../../testing/examples';
import { FakeSocket, answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { ModelList } from './model-list';

const model = (change: Partial<Model>): Partial<Model> => ({
  id: '20',
  name: 'daily',
  status: 'COMPLETED',
  version: 18,
  rowCount: 18_940,
  lastRefreshedAt: null,
  freshness: 'fresh',
  error: null,
  autoRefresh: true,
  upstream: {
    tables: [{ streamId: '1', sourceId: 's1', name: 'ga_main.traffic' }],
    models: [{ id: '21', name: 'orders' }],
  },
  ...change,
});

describe('the list of models', () => {
  let page: HTMLElement;
  const url = '/api/projects/p1/data-models';
  const rows = (): string[] =>
    [...page.querySelectorAll('[data-testid="model-row"]')].map(
      (row) => row.textContent?.replace(/\s+/g, ' ').trim() ?? '',
    );

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    TestBed.inject(Session).entered(aPerson());
    TestBed.inject(LiveUpdates).follow('p1');
    TestBed.inject(FakeSocket).listener?.connected();
    await settle();
    const fixture = TestBed.createComponent(ModelList);
    fixture.componentRef.setInput('projectId', 'p1');
    page = fixture.nativeElement as HTMLElement;
    await settle();
  });

  it('shows state, version, rows and what each reads', async () => {
    await answer(url, {
      items: [
        model({}),
        model({ id: '22', name: 'new', version: null, rowCount: null, status: 'IDLE', autoRefresh: false }),
      ],
      nextCursor: null,
    });
    expect(rows()[0]).toMatch(/daily.*fresh.*v18.*18,940.*ga_main\.traffic, orders/);
    expect(rows()[1]).toMatch(/new.*not built yet.*auto-refresh off.*–/);
  });

  it('leads to building the first one', async () => {
    await answer(url, { items: [], nextCursor: null });
    expect(page.textContent).toContain('No model yet');
    expect(page.querySelector('fr-empty-state a')?.getAttribute('href')).toBe('/new');
  });

  it('says what went wrong, and tries again when asked', async () => {
    TestBed.inject(HttpTestingController)
      .expectOne((request) => request.url === url)
      .error(new ProgressEvent('error'));
    await settle();
    expect(page.querySelector('[role="alert"]')?.textContent).toContain('could not be reached');
    page.querySelector<HTMLButtonElement>('fr-problem button')?.click();
    await settle();
    await answer(url, { items: [model({})], nextCursor: null });
    expect(rows()).toHaveLength(1);
    expect(page.querySelector('[role="alert"]')).toBeNull();
  });

  it('follows what happens to its models', async () => {
    await answer(url, { items: [model({})], nextCursor: null });
    TestBed.inject(FakeSocket).send('model:refresh:started', { modelId: '20', refreshId: '9' });
    await settle();
    await answer(url, { items: [model({ status: 'REFRESHING' })], nextCursor: null });
    expect(rows()[0]).toContain('refreshing');
  });
});
