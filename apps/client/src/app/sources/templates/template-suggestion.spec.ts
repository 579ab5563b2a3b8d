import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aSource, minutesAgo } from '../../../testing/examples';
import { answer, clientWithoutNetwork, settle } from '../../../testing/fake-server';
import { Session } from '../../session/session';
import { sourceRoutes } from '../sources.routes';

const templates = (change: object = {}) => ({
  items: [
    {
      name: 'overview',
      title: 'GA overview',
      description: 'How many came, and from where.',
      streams: ['traffic'],
      beside: [],
      obstacle: null,
      models: ['ga_daily'],
      dashboards: ['GA overview'],
      added: false,
      ...change,
    },
  ],
  nextCursor: null,
});

const visit = async (source: object = {}, tab = 'streams'): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([{ path: 'p/:projectId/sources', children: sourceRoutes }]),
  });
  TestBed.inject(Session).entered(aPerson());
  const harness = await RouterTestingHarness.create(`/p/p1/sources/s1/${tab}`);
  await settle();
  await answer('/api/data-sources/s1', aSource({ type: 'google-analytics', ...source }));
  return harness.routeNativeElement as HTMLElement;
};
const offered = (page: HTMLElement): string | undefined =>
  page.querySelector('fr-template-suggestion a')?.textContent.trim();
const asked = '/api/data-sources/s1/templates';

describe('the suggestion of a template', () => {
  beforeEach(() => localStorage.clear());

  it('leads from any tab to the template, once there are rows', async () => {
    const page = await visit({ lastSyncAt: minutesAgo(1) });
    await answer(asked, templates());
    expect(offered(page)).toBe('Add GA overview');
    expect(page.querySelector('fr-template-suggestion a')?.getAttribute('href')).toBe(
      '/p/p1/sources/s1/templates',
    );
  });

  it.each([
    ['was added', { added: true }],
    ['cannot be added yet', { obstacle: 'Its stream pages is off.' }],
  ])('is not made for one that %s', async (_what, change) => {
    const page = await visit();
    await answer(asked, templates(change));
    expect(offered(page)).toBeUndefined();
  });

  it('waits for the first sync', async () => {
    await visit({ lastSyncAt: null });
    TestBed.inject(HttpTestingController).expectNone(asked);
  });

  it('is gone for good when told so', async () => {
    const page = await visit();
    await answer(asked, templates());
    page.querySelector<HTMLElement>('fr-template-suggestion button')?.click();
    await settle();
    expect(offered(page)).toBeUndefined();
    TestBed.resetTestingModule();
    await visit();
    TestBed.inject(HttpTestingController).expectNone(asked);
  });
});
