import { startActBlue, type ActBlue, type ActBlueOptions } from './actblue';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

let time = Date.parse('2026-03-11T00:30:00Z');
const start = async (options: ActBlueOptions = {}): Promise<ActBlue> => {
  const standIn = await startActBlue({ now: () => new Date(time), scale: 0.05, polls: 1, ...options });
  closing.push(() => standIn.close());
  return standIn;
};

const authorization = ({ clientUuid, clientSecret }: ActBlue): string =>
  `Basic ${Buffer.from(`${clientUuid}:${clientSecret}`).toString('base64')}`;

const report = {
  csv_type: 'paid_contributions',
  date_range_start: '2026-03-01',
  date_range_end: '2026-03-11',
};

const ask = (standIn: ActBlue, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${standIn.url}/api/v1/csvs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: authorization(standIn), ...headers },
    body: JSON.stringify(body),
  });

const statusOf = async (
  standIn: ActBlue,
  id: string,
): Promise<{ status: string; download_url: string | null }> =>
  (await (
    await fetch(`${standIn.url}/api/v1/csvs/${id}`, { headers: { authorization: authorization(standIn) } })
  ).json()) as { status: string; download_url: string | null };

it.each([
  ['a field it does not know', { ...report, timezone: 'UTC' }, 400],
  ['a type it does not have', { ...report, csv_type: 'all_contributions' }, 400],
  ['a day that does not exist', { ...report, date_range_start: '2026-02-30' }, 400],
  ['an empty range', { ...report, date_range_end: '2026-03-01' }, 400],
  ['a day more than six months', { ...report, date_range_start: '2025-09-10' }, 400],
  ['six months', { ...report, date_range_start: '2025-09-11' }, 202],
])('answers a report with %s as ActBlue does', async (_what, body, status) => {
  expect((await ask(await start(), body)).status).toBe(status);
});

it('refuses wrong credentials, and too many reports a minute', async () => {
  const standIn = await start({ jobsPerMinute: 1 });
  expect((await ask(standIn, report, { authorization: 'Basic eDp5' })).status).toBe(401);
  expect((await ask(standIn, report)).status).toBe(202);
  const refused = await ask(standIn, report);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '15']);
});

it('makes a report in a while, and gives an address that lives for ten minutes and takes no credentials', async () => {
  const standIn = await start();
  const { id } = (await (await ask(standIn, report)).json()) as { id: string };
  expect(await statusOf(standIn, id)).toMatchObject({ status: 'in_progress', download_url: null });
  const url = (await statusOf(standIn, id)).download_url ?? '';
  const file = await fetch(url);
  const [header = '', ...lines] = (await file.text()).trim().split('\r\n');
  expect(header.split(',').filter((name) => name === 'Reserved')).toHaveLength(7);
  expect(lines).toHaveLength(
    standIn
      .truth('contributions', { from: '2026-03-01', to: '2026-03-11' })
      .filter(({ paid_on }) => String(paid_on) >= '2026-03-01').length -
      standIn
        .truth('refunds', { from: '2026-03-01', to: '2026-03-11' })
        .filter(({ paid_at }) => String(paid_at) >= '2026-03-01T05').length,
  );
  expect((await fetch(url, { headers: { authorization: authorization(standIn) } })).status).toBe(400);
  time += 600_001;
  expect((await fetch(url)).status).toBe(403);
});

it('repeats the receipt of a recurring contribution, never a line item', async () => {
  const standIn = await start({ scale: 1 });
  const items = ['2026-02-01', '2026-02-02', '2026-03-01', '2026-03-02'].flatMap((date) =>
    standIn.paidOn(date),
  );
  const receipts = items.map(({ order }) => order.receiptId);
  expect(new Set(receipts).size).toBeLessThan(receipts.length);
  expect(new Set(items.map(({ lineitemId }) => lineitemId)).size).toBe(items.length);
  expect(items.every(({ lineitemId }) => BigInt(lineitemId) > 2n ** 53n)).toBe(true);
});
