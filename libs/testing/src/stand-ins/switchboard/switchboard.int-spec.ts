import { startSwitchboard, type Switchboard, type SwitchboardOptions } from './switchboard';

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

let time = Date.parse('2026-03-11T00:30:00Z');
const start = async (options: SwitchboardOptions = {}): Promise<Switchboard> => {
  const standIn = await startSwitchboard({ now: () => new Date(time), scale: 0.2, ...options });
  closing.push(() => standIn.close());
  return standIn;
};

interface Envelope {
  data: { page: { id: string; donations: number; amount_raised: string }[]; next_page: string | null } | null;
  errors: { code: string }[];
}

const get = async (
  standIn: Switchboard,
  path: string,
  secret = standIn.secretKey,
): Promise<{ status: number; body: Envelope }> => {
  const authorization = `Basic ${Buffer.from(`${standIn.accountId}:${secret}`).toString('base64')}`;
  const answer = await fetch(`${standIn.url}${path}`, { headers: { authorization } });
  return { status: answer.status, body: (await answer.json()) as Envelope };
};

it('refuses in its envelope what it does not know', async () => {
  const standIn = await start({ requestsPerMinute: 4 });
  const told = async (path: string, secret?: string): Promise<unknown[]> => {
    const { status, body } = await get(standIn, path, secret);
    return [status, body.data, body.errors[0]?.code];
  };
  expect(await told('/v1/whoami', 'wrong')).toEqual([401, null, 'unauthorized']);
  expect(await told('/v1/broadcasts?page=2')).toEqual([422, null, 'validation_error']);
  expect(await told('/v1/broadcasts?cursor=nonsense')).toEqual([400, null, 'invalid_cursor']);
  expect(await told('/v1/broadcasts/br_0/phone_messages')).toEqual([404, null, 'not_found']);
  await get(standIn, '/v1/whoami');
  expect(await told('/v1/whoami')).toEqual([429, null, 'rate_limited']);
});

it('restates a broadcast for a month, and no longer', async () => {
  const standIn = await start();
  const days = { from: '2026-02-20', to: '2026-03-09' };
  const raised = (): number =>
    standIn
      .truth('broadcasts', days, 'UTC')
      .reduce((sum, { amount_raised }) => sum + Number(amount_raised), 0);
  const atFirst = raised();
  time += 30 * 86_400_000;
  const aMonthLater = raised();
  expect(aMonthLater).toBeGreaterThan(atFirst);
  time += 30 * 86_400_000;
  expect(raised()).toBe(aMonthLater);
});

it('gives every broadcast once over all pages, newest first, also when one comes in between', async () => {
  const standIn = await start();
  const ids: string[] = [];
  let path: string | null = '/v1/broadcasts';
  while (path !== null) {
    const answer: Awaited<ReturnType<typeof get>> = await get(standIn, path);
    const { data } = answer.body;
    ids.push(...(data?.page ?? []).map(({ id }) => id));
    path = data?.next_page ? `/v1/broadcasts?cursor=${data.next_page}` : null;
    time += 86_400_000;
  }
  expect(ids.length).toBeGreaterThan(20);
  expect(new Set(ids).size).toBe(ids.length);
});
