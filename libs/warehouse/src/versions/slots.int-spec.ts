import { usePostgres, waitFor } from '@freshet/testing';
import { Client } from 'pg';
import { releaseSlot, takeSlot, tryLockModel, unlockModel } from './slots';

const postgres = usePostgres();

const session = async (): Promise<Client> => {
  const client = new Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
const sessions = (count: number): Promise<Client[]> => Promise.all(Array.from({ length: count }, session));
const end = (clients: Client[]): Promise<unknown> => Promise.all(clients.map((client) => client.end()));

describe('the slots of refreshes', () => {
  it('are taken by as many sessions as there are, and free again when released', async () => {
    const clients = await sessions(4);
    const taken = await Promise.all(clients.map((client) => takeSlot(client, { count: 3 })));
    expect(taken.map((slot) => slot?.number ?? -1).sort()).toEqual([-1, 0, 1, 2]);
    const [loser] = clients.filter((_, index) => taken[index] === null);
    const winner = taken.findIndex((slot) => slot?.number === 1);
    await releaseSlot(clients[winner] as Client, { number: 1 });
    expect(await takeSlot(loser as Client, { count: 3 })).toEqual({ number: 1 });
    await end(clients);
  });

  it('are freed by PostgreSQL when the session that held one is killed', async () => {
    const [holder, other] = (await sessions(2)) as [Client, Client];
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await takeSlot(holder, { count: 1 });
    expect(await takeSlot(other, { count: 1 })).toBeNull();
    await other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    expect(await waitFor(() => takeSlot(other, { count: 1 }))).toEqual({ number: 0 });
    await end([other]);
  });
});

it('one session at a time has the lock of a model', async () => {
  const [first, second] = (await sessions(2)) as [Client, Client];
  expect(await tryLockModel(first, '42')).toBe(true);
  expect(await tryLockModel(second, '42')).toBe(false);
  expect(await tryLockModel(second, '43')).toBe(true);
  await unlockModel(first, '42');
  expect(await tryLockModel(second, '42')).toBe(true);
  await end([first, second]);
});
