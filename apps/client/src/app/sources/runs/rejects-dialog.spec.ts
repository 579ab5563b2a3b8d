import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatDialog } from '@angular/material/dialog';
import { aRun, noRecords } from '../../../testing/examples';
import { clientWithoutNetwork, settle } from '../../../testing/fake-server';
import { RejectsDialog } from './rejects-dialog';

const stream = (name: string, rejected: number) => ({
  name,
  status: 'completed' as const,
  records: { ...noRecords, rejected },
  fromRevision: 1,
  toRevision: 2,
  received: 10,
  slices: 1,
  heldWhy: null,
  warnings: [],
});
const run = aRun({
  id: 'r1',
  records: { ...noRecords, rejected: 3 },
  streams: [stream('pages', 1), stream('traffic', 2), stream('events', 0)],
});
const reject = (name: string, row: number) => ({ stream: name, row, reason: 'not a number', raw: 'n/a' });
const page = (items: object[], nextCursor: string | null): void =>
  TestBed.inject(HttpTestingController)
    .expectOne((call) => call.url === '/api/sync-runs/r1/rejects' && call.params.get('after') === cursor)
    .flush({ items, nextCursor });
let cursor: string | null = null;

const shown = (): string[] =>
  [...document.querySelectorAll('mat-dialog-container li span')].map(({ textContent }) => textContent);
const press = async (name: string): Promise<void> => {
  [...document.querySelectorAll<HTMLElement>('mat-dialog-container button')]
    .find(({ textContent }) => textContent.trim() === name)
    ?.click();
  await settle();
};

describe('the rows that could not be loaded', () => {
  beforeEach(async () => {
    cursor = null;
    TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
    TestBed.inject(MatDialog).open(RejectsDialog, { data: run });
    await settle();
    page([reject('pages', 1), reject('traffic', 2)], 'next');
    await settle();
  });
  afterEach(() => TestBed.inject(MatDialog).closeAll());

  it('come a page at a time, and it says of how many', async () => {
    expect(document.querySelector('mat-dialog-container .count')?.textContent).toContain('2 of 3 are shown');
    cursor = 'next';
    await press('Load more');
    page([reject('traffic', 9)], null);
    await settle();
    expect(shown()).toEqual(['pages, row 1', 'traffic, row 2', 'traffic, row 9']);
    expect(document.querySelector('mat-dialog-container .count button')).toBeNull();
  });

  it('can be those of one stream alone', async () => {
    await press('traffic (2)');
    expect(shown()).toEqual(['traffic, row 2']);
    expect(document.querySelector('mat-dialog-container .count')?.textContent).toContain('1 of 2 are shown');
    expect(document.querySelector('mat-dialog-container')?.textContent).not.toContain('events (');
  });
});
