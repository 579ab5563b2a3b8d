import { HttpTestingController, type TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { clientWithoutNetwork, settle } from '../../testing/fake-server';
import { ModelRows } from './model-rows';

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
