import { isOwnOrigin } from './own-origin';

const host = '127.0.0.1:3000';

describe('where a request comes from', () => {
  it.each([
    ['its own page', { host, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }],
    ['its own page, told by Sec-Fetch-Site alone', { host, 'sec-fetch-site': 'same-origin' }],
    ['an address typed by the person', { host, 'sec-fetch-site': 'none' }],
    ['no browser at all', { host }],
  ])('allows %s', (_, headers) => {
    expect(isOwnOrigin(headers)).toBe(true);
  });

  it.each([
    ['another site', { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port of this host', { host, origin: 'http://127.0.0.1:4000', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed page', { host, origin: 'null' }],
    ['another site that sends no Origin', { host, 'sec-fetch-site': 'cross-site' }],
  ])('refuses %s', (_, headers) => {
    expect(isOwnOrigin(headers)).toBe(false);
  });

  it('allows the public address behind a proxy that hides it', () => {
    expect(
      isOwnOrigin({ host: 'gateway:3000', origin: 'https://freshet.example' }, 'https://freshet.example/'),
    ).toBe(true);
  });
});
