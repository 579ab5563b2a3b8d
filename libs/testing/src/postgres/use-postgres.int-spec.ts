import { Client } from 'pg';

import { usePostgres } from './use-postgres';
import { withClient } from './cluster';

let prepared = 0;
const template = {
  name: 'use-postgres.int-spec',
  prepare: async (url: string): Promise<void> => {
    prepared++;
    await withClient(url, async (client) => {
      await client.query(`create role testing_reader login password 'secret'`);
      await client.query(`create table note (id int primary key); insert into note values (1)`);
      await client.query(`grant select on note to testing_reader`);
    });
  },
};

describe('a database per spec file', () => {
  const first = usePostgres({ template });
  const second = usePostgres({ template });
  const empty = usePostgres();

  it('clones the template, which is prepared once', async () => {
    for (const { pool } of [first, second]) {
      expect((await pool.query('select id from note')).rows).toEqual([{ id: 1 }]);
    }
    expect(prepared).toBe(1);
  });

  it('keeps clones apart', async () => {
    await first.pool.query('insert into note values (2)');
    expect((await second.pool.query('select count(*)::int as n from note')).rows).toEqual([{ n: 1 }]);
    expect(first.name).not.toBe(second.name);
  });

  it('is empty and in UTF-8 without a template', async () => {
    const { rows } = await empty.pool.query(
      `select current_setting('server_encoding') as encoding, to_regclass('note') as note`,
    );
    expect(rows).toEqual([{ encoding: 'UTF8', note: null }]);
  });

  it('asks roles for their password', async () => {
    const login = (password: string): Promise<unknown> => {
      const url = new URL(first.url);
      url.username = 'testing_reader';
      url.password = password;
      return withClient(url.href, (client: Client) => client.query('select from note'));
    };
    await expect(login('wrong')).rejects.toThrow('password authentication failed');
    await expect(login('secret')).resolves.toMatchObject({ rowCount: 2 });
  });
});
