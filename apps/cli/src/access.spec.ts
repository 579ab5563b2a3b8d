import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findAccess } from './access';

const folder = mkdtempSync(path.join(tmpdir(), 'freshet-access-'));
writeFileSync(
  path.join(folder, 'demo.json'),
  JSON.stringify({ url: 'http://demo:3000', apiKey: 'of the demo' }),
);
afterAll(() => rmSync(folder, { recursive: true }));
const demo = { FRESHET_DATA_DIR: folder };
const none = { FRESHET_DATA_DIR: path.join(folder, 'nothing') };
const environment = { ...demo, FRESHET_URL: 'http://set:3000/', FRESHET_API_KEY: 'of the environment' };

describe('where Freshet is, and by which key', () => {
  it.each([
    ['the options', { url: 'http://given', key: 'given' }, environment, 'http://given', 'given'],
    ['the environment', {}, environment, 'http://set:3000', 'of the environment'],
    ['the demo', {}, demo, 'http://demo:3000', 'of the demo'],
    ["the demo, asked for by its address", { url: 'http://demo:3000/' }, demo, 'http://demo:3000', 'of the demo'],
    ['an address given and a key of the environment', { url: 'http://given' }, environment, 'http://given', 'of the environment'],
  ])('is told by %s', (_, given, env, url, apiKey) => {
    expect(findAccess(given, env)).toEqual({ url, apiKey });
  }); // prettier-ignore

  it("never sends the demo's key to another address", () => {
    expect(() => findAccess({ url: 'http://other' }, demo)).toThrow('No API key is known');
  });

  it('is asked for when nobody told it, or what was told is no address', () => {
    expect(() => findAccess({}, none)).toThrow('No address of Freshet is known');
    expect(() => findAccess({ url: 'freshet', key: 'k' }, none)).toThrow('"freshet" is no address');
  });
});
