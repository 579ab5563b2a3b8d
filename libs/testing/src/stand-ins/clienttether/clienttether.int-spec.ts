import { startClientTether, type ClientTether } from './clienttether';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

const start = async (): Promise<ClientTether> => {
  const standIn = await startClientTether({ now: () => new Date('2026-03-11T00:30:00Z'), scale: 1.4 });
  closing.push(() => standIn.close());
  return standIn;
};

const get = async (
  standIn: ClientTether,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${standIn.url}/v2/api/${path}`, {
    headers: { 'x-access-token': standIn.accessToken, 'x-web-key': standIn.webKey, ...headers },
  });

it.each([
  ['read_client_list?limit=101', {}, 400],
  ['read_client_list?limit=0', {}, 400],
  ['read_client_list?modified_since=2026-01-01', {}, 400],
  ['read_all_events?from_date=2026-01-01', {}, 400],
  ['read_all_events?from_date=1/1/2026&end_date=2/1/2026', {}, 400],
  ['read_everything', {}, 404],
  ['read_client_list', { 'x-access-token': 'x' }, 401],
  ['read_client_list', { 'x-web-key': '' }, 401],
  ['read_client_list?limit=100&offset=0', {}, 200],
])('answers %s %j with %d', async (path, headers, status) => {
  expect((await get(await start(), path, headers)).status).toBe(status);
});

it('says that there is nothing in words, beyond the end of a list and for a lead without notes', async () => {
  const standIn = await start();
  expect(await (await get(standIn, 'read_client_list?limit=100&offset=9000')).text()).toBe('No record found');
  standIn.sayNothingAs('data');
  expect(await (await get(standIn, 'read_client_history_notes/1')).json()).toMatchObject({
    data: 'No record found',
  });
});

it('writes one field in several ways, and ids digit by digit', async () => {
  const text = await (await get(await start(), 'read_client_list')).text();
  const sizes = [...text.matchAll(/"deal_size":("[^"]*"|[\d.]+)/g)].map(([, size = '']) =>
    size.replace(/\d+/g, '0'),
  );
  expect(new Set(sizes)).toEqual(new Set(['""', '0.0', '"0.0"', '"$0,0.0"']));
  expect(text).toMatch(/"client_id":9007199\d{9}[^"\d]/);
  expect(text).toMatch(/"client_id":"\d+"/);
  expect(text).toContain('"last_modified_date":"0000-00-00 00:00:00"');
});
