import { HttpTestingController, type TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { clientWithoutNetwork, settle } from '../../testing/fake-server';
import { ModelRows } from './model-rows';
import { ModelVersions } from './model-versions';

const columns = [{ name: 'n', type: 'int8' }];

it('shows the rows of the published version, and the next ones of the same version when asked', async () => {
  TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
  const http = TestBed.inject(HttpTestingController);
  const rows = (): TestRequest => http.expectOne((request) => request.url === '/api/data-models/20/rows');
  const fixture = TestBed.createComponent(ModelRows);
  for (const [name, value] of Object.entries({ modelId: '20', name: 'daily', version: 18 }))
    fixture.componentRef.setInput(name, value);
  const page = fixture.nativeElement as HTMLElement;
  await settle();
  const first = rows();
  expect(first.request.params.get('version')).toBe('18');
  first.flush({ columns, items: [['1']], nextCursor: 'c1', version: 18 });
  await settle();
  page.querySelector<HTMLButtonElement>('button.more')?.click();
  const next = rows();
  expect([next.request.params.get('after'), next.request.params.get('version')]).toEqual(['c1', '18']);
  next.flush({ columns, items: [['2']], nextCursor: null, version: 18 });
  await settle();
  expect([...page.querySelectorAll('tbody td')].map((cell) => cell.textContent)).toEqual(['1', '2']);
  expect(page.querySelector('button.more')).toBeNull();
});

it('lists the versions that are kept, and reads them anew after a refresh', async () => {
  TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
  const http = TestBed.inject(HttpTestingController);
  const fixture = TestBed.createComponent(ModelVersions);
  fixture.componentRef.setInput('modelId', '20');
  fixture.componentRef.setInput('changes', 0);
  const page = fixture.nativeElement as HTMLElement;
  const version = (n: number, published: boolean) => ({
    version: n,
    published,
    rowCount: 5,
    bytes: 8_192,
    columns,
    builtAt: '2026-11-16T14:00:00Z',
    retiredAt: null,
    refreshId: null,
  });
  await settle();
  http.expectOne('/api/data-models/20/versions').flush({ items: [version(1, true)], nextCursor: null });
  await settle();
  fixture.componentRef.setInput('changes', 1);
  await settle();
  http
    .expectOne('/api/data-models/20/versions')
    .flush({ items: [version(2, true), version(1, false)], nextCursor: null });
  await settle();
  const lines = [...page.querySelectorAll('tbody tr')].map((line) => line.textContent ?? '');
  expect(lines).toEqual([
    expect.stringMatching(/^v2published.*58\.2 kB1/),
    expect.stringMatching(/^v1 ?retired/),
  ]);
});
