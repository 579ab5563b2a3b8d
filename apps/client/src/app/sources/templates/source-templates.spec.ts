import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatSelect } from '@angular/material/select';
import { By } from '@angular/platform-browser';
import { RouterTestingHarness } from '@angular/router/testing';
import { aPerson, aSource } from '../../../testing/examples';
import { answer, clientWithoutNetwork, settle } from '../../../testing/fake-server';
import { Session } from '../../session/session';
import { sourceRoutes } from '../sources.routes';

const asked = '/api/data-sources/s1/templates';
const missing = 'It also reads a Meta Ads source: connect one in this project.';
const main = { id: 's2', name: 'Ads main', obstacle: null };
const empty = {
  id: 's3',
  name: 'Ads second',
  obstacle: 'It reads campaigns of Ads second, which has no table yet. Wait for the first sync to end.',
};

const today = (change: object = {}, companion: object = {}) => ({
  items: [
    {
      name: 'today',
      title: 'Today',
      description: 'What came in today.',
      streams: ['contributions'],
      beside: [
        {
          as: 'ads',
          type: 'meta-ads',
          connector: 'Meta Ads',
          streams: ['campaigns'],
          choices: [main],
          chosen: 's2',
          ...companion,
        },
      ],
      obstacle: null,
      models: ['donations_today_hourly'],
      dashboards: ['Today · Donations'],
      added: false,
      ...change,
    },
  ],
  nextCursor: null,
});

let harness: RouterTestingHarness;
const visit = async (templates: object): Promise<HTMLElement> => {
  TestBed.configureTestingModule({
    providers: clientWithoutNetwork([
      { path: 'p/:projectId/sources', children: sourceRoutes },
      { path: 'p/:projectId/dashboards/:id', children: [] },
    ]),
  });
  TestBed.inject(Session).entered(aPerson());
  harness = await RouterTestingHarness.create('/p/p1/sources/s1/templates');
  await settle();
  await answer('/api/data-sources/s1', aSource({ type: 'actblue', lastSyncAt: null }));
  await answer(asked, templates);
  return (harness.routeNativeElement as HTMLElement).querySelector('fr-template-card') as HTMLElement;
};
const button = (card: HTMLElement): HTMLButtonElement | null => card.querySelector('button');
const isOff = (card: HTMLElement): boolean => button(card)?.getAttribute('aria-disabled') === 'true';
const pick = async (id: string): Promise<void> => {
  const select = harness.routeDebugElement?.query(By.directive(MatSelect)).componentInstance as MatSelect;
  select.options.find((option) => option.value === id)?._selectViaInteraction();
  await settle();
};

describe('a template that reads a second source', () => {
  it('says which one, and is added with it', async () => {
    const card = await visit(today());
    expect(card.querySelector('.beside')?.textContent.replace(/\s+/g, ' ').trim()).toBe(
      'Also reads Ads main (Meta Ads)',
    );
    expect(card.querySelector('mat-select')).toBeNull();
    button(card)?.click();
    const call = TestBed.inject(HttpTestingController).expectOne(`${asked}/today`);
    expect(call.request.body).toEqual({ with: {} });
  });

  it('leads to connecting one where there is none', async () => {
    const card = await visit(today({ obstacle: missing }, { choices: [], chosen: null }));
    expect(card.querySelector('.obstacle')?.textContent).toContain(missing);
    expect(isOff(card)).toBe(true);
    const link = card.querySelector('.actions a');
    expect([link?.textContent.trim(), link?.getAttribute('href')]).toEqual([
      'Connect Meta Ads',
      '/p/p1/sources/new/meta-ads',
    ]);
  });

  it('offers several, and tells what stands in the way of the one that is picked', async () => {
    const card = await visit(today({}, { choices: [main, empty] }));
    expect([isOff(card), card.querySelector('.obstacle')]).toEqual([false, null]);
    await pick('s3');
    expect(card.querySelector('.obstacle')?.textContent).toContain(empty.obstacle);
    expect(isOff(card)).toBe(true);
    await pick('s2');
    button(card)?.click();
    const call = TestBed.inject(HttpTestingController).expectOne(`${asked}/today`);
    expect(call.request.body).toEqual({ with: { ads: 's2' } });
  });

  it('can be added with another one than that which is taken otherwise and not ready', async () => {
    const choices = [empty, main];
    const card = await visit(today({ obstacle: empty.obstacle }, { choices, chosen: 's3' }));
    expect(isOff(card)).toBe(true);
    await pick('s2');
    expect([isOff(card), card.querySelector('.obstacle')]).toEqual([false, null]);
  });

  it('keeps to what stands in the way of its own source, whichever is picked', async () => {
    const obstacle = 'It reads contributions, which has no table yet. Wait for the first sync to end.';
    const card = await visit(today({ obstacle }, { choices: [main, empty] }));
    await pick('s2');
    expect(card.querySelector('.obstacle')?.textContent).toContain(obstacle);
    expect(isOff(card)).toBe(true);
  });

  it('says nothing of other sources once it was added', async () => {
    const card = await visit(today({ added: true }, { choices: [main, empty] }));
    expect(card.querySelector('.done')?.textContent).toContain('Added');
    expect([card.querySelector('mat-select'), button(card)]).toEqual([null, null]);
  });
});
