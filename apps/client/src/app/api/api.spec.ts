import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { answer, clientWithoutNetwork, problemBody, settle } from '../../testing/fake-server';
import { aSource } from '../../testing/examples';
import { Api } from './api';
import { apiResource } from './api-resource';
import { target } from './calls';
import { below } from './paged-resource';

beforeEach(() => TestBed.configureTestingModule({ providers: clientWithoutNetwork() }));
const http = (): HttpTestingController => TestBed.inject(HttpTestingController);

describe('the target of a call', () => {
  it('fills parameters in, escaped', () => {
    expect(target('getSource', { id: 'a/b' })).toEqual({ method: 'GET', url: '/api/data-sources/a%2Fb' });
  });
});

describe('a call', () => {
  it('carries its query, body, revision and idempotency key', async () => {
    const done = TestBed.inject(Api).call('updateSource', {
      params: { id: 's1' },
      body: { name: 'New' },
      ifMatch: 3,
      idempotencyKey: 'k',
      query: { a: undefined, b: 1 },
    });
    const { request, ...open } = http().expectOne((r) => r.url === '/api/data-sources/s1');
    void open;
    expect(request.method).toBe('PATCH');
    expect(request.headers.get('If-Match')).toBe('3');
    expect(request.headers.get('Idempotency-Key')).toBe('k');
    expect(request.params.toString()).toBe('b=1');
    http().match(() => true);
    void done.catch(() => undefined);
  });

  it('rejects with the problem of the answer', async () => {
    const done = TestBed.inject(Api).call('getSource', { params: { id: 's1' } });
    const refused = expect(done).rejects.toMatchObject({
      code: 'not_found',
      detail: 'There is no such source.',
    });
    await answer('/api/data-sources/s1', problemBody(404, 'not_found', 'There is no such source.'), {
      status: 404,
    });
    await refused;
  });
});

describe('a resource', () => {
  const resource = (id = signal('s1'), reloadOn = signal(0)) =>
    TestBed.runInInjectionContext(() => apiResource('getSource', () => ({ params: { id: id() } }), reloadOn));

  it('keeps what was read on the page while it is read anew', async () => {
    const source = resource();
    expect(source.loading()).toBe(true);
    await settle();
    await answer('/api/data-sources/s1', aSource({ name: 'Before' }));
    expect(source.value()?.name).toBe('Before');
    source.reload();
    await settle();
    expect(source.value()?.name).toBe('Before');
    expect(source.loading()).toBe(false);
    await answer('/api/data-sources/s1', aSource({ name: 'After' }));
    expect(source.value()?.name).toBe('After');
  });

  it('keeps it too when the new reading fails, and tells the problem', async () => {
    const source = resource();
    await settle();
    await answer('/api/data-sources/s1', aSource());
    source.reload();
    await settle();
    await answer('/api/data-sources/s1', problemBody(503, 'unavailable', 'Not now.'), { status: 503 });
    expect(source.value()?.id).toBe('s1');
    expect(source.problem()?.detail).toBe('Not now.');
  });

  it('reads once more when something changed while it was being read', async () => {
    const change = signal(0);
    const source = resource(signal('s1'), change);
    await settle();
    change.set(1);
    await settle();
    await answer('/api/data-sources/s1', aSource({ name: 'Too old' }));
    await answer('/api/data-sources/s1', aSource({ name: 'Newest' }));
    expect(source.value()?.name).toBe('Newest');
  });

  it('never shows one thing under the address of another', async () => {
    const id = signal('s1');
    const source = resource(id);
    await settle();
    await answer('/api/data-sources/s1', aSource());
    id.set('s2');
    await settle();
    expect(source.value()).toBeUndefined();
    expect(source.loading()).toBe(true);
  });
});

describe('a newer first page', () => {
  const items = (...ids: string[]) => ids.map((id) => ({ id }));

  it('goes on top of what is known, which stays below', () => {
    expect(
      below({ items: items('d', 'c'), nextCursor: 'c' }, { items: items('c', 'b', 'a'), cursor: 'a' }),
    ).toEqual({ items: items('d', 'c', 'b', 'a'), cursor: 'a' });
  });

  it('replaces it when there may be a gap between them', () => {
    expect(
      below({ items: items('z', 'y'), nextCursor: 'y' }, { items: items('b', 'a'), cursor: null }),
    ).toEqual({ items: items('z', 'y'), cursor: 'y' });
  });
});
