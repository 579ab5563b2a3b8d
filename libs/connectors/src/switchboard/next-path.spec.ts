import { nextPath } from './switchboard-api';

const path = '/v1/broadcasts';
const base = 'http://127.0.0.1:9000';

describe('nextPath', () => {
  it.each([
    ['a cursor', 'YWJj', '/v1/broadcasts?cursor=YWJj'],
    ['a cursor with signs', 'a+b/=&c', '/v1/broadcasts?cursor=a%2Bb%2F%3D%26c'],
    ['an address where we ask', `${base}/v1/broadcasts?cursor=x%3D`, '/v1/broadcasts?cursor=x%3D'],
    [
      'an address of the vendor, though we ask through a proxy',
      'https://api.oneswitchboard.com/v1/broadcasts?cursor=x',
      '/v1/broadcasts?cursor=x',
    ],
    ['a path', '/v1/broadcasts?cursor=x', '/v1/broadcasts?cursor=x'],
  ])('goes on from %s', (_what, next, expected) => {
    expect(nextPath(next, path, base)).toBe(expected);
  });

  it('leaves out what a proxy puts in front', () => {
    const behind = 'http://127.0.0.1:9000/switchboard';
    expect(nextPath('http://127.0.0.1:9000/switchboard/v1/broadcasts?cursor=x', path, behind)).toBe(
      '/v1/broadcasts?cursor=x',
    );
  });

  it.each([
    'https://evil.example/v1/broadcasts?cursor=x',
    'https://api.oneswitchboard.com.evil.example/v1/broadcasts',
    'https://api.oneswitchboard.com@evil.example/v1/broadcasts',
    'https://us:er@api.oneswitchboard.com/v1/broadcasts',
    'http://api.oneswitchboard.com/v1/broadcasts',
    'http://127.0.0.1:9001/v1/broadcasts',
    '//evil.example/v1/broadcasts',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('never goes on at %s', (next) => {
    expect(() => nextPath(next, path, base)).toThrow(expect.objectContaining({ code: 'source_refused' }));
  });
});
