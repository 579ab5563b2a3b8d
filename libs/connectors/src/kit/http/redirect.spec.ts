import { nextRequest, parseTarget } from './redirect';

const from = parseTarget('https://a.example/x/y?z=1');

describe('nextRequest', () => {
  it('resolves a relative location', () => {
    expect(nextRequest(from, {}, 302, '../w').target.url.href).toBe('https://a.example/w');
  });

  it.each([
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ] as const)('after %d a POST goes on as %s', (status, method) => {
    const { request } = nextRequest(from, { method: 'POST', body: '{}' }, status, '/w');
    expect(request).toEqual({ method, headers: {}, ...(method === 'POST' ? { body: '{}' } : {}) });
  });

  it('keeps HEAD', () => {
    expect(nextRequest(from, { method: 'HEAD' }, 303, '/w').request.method).toBe('HEAD');
  });

  it.each([
    ['https://b.example/', ['accept']],
    ['http://a.example/', ['accept']],
    ['https://a.example:8443/', ['accept']],
    ['https://a.example:443/', ['Authorization', 'accept', 'cookie']],
  ])('to %s sends the headers %p', (location, names) => {
    const headers = { Authorization: 'Bearer x', accept: '*/*', cookie: 'a=b' };
    expect(Object.keys(nextRequest(from, { headers }, 302, location).request.headers ?? {}).sort()).toEqual(
      names,
    );
  });
});
