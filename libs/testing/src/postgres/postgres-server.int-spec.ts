import { existsSync, readFileSync } from 'node:fs';
import { PostgresServer } from './postgres-server';
import { withClient } from './cluster';

describe('a PostgreSQL of its own', () => {
  it('recovers what was committed after an immediate stop, and nothing else', async () => {
    const server = await PostgresServer.start();
    try {
      await withClient(server.url, async (client) => {
        await client.query('create table note (n int); insert into note values (1)');
        client.on('error', () => undefined);
        await client.query('begin; insert into note values (2)');
        await server.stopImmediately();
      });
      await expect(withClient(server.url, async () => true)).rejects.toThrow();
      await server.restart();
      const { rows } = await withClient(server.url, (client) => client.query('select n from note'));
      expect(rows).toEqual([{ n: 1 }]);
      expect(existsSync(server.logFile) && readFileSync(server.logFile, 'utf8')).toContain(
        'automatic recovery in progress',
      );
    } finally {
      await server.stopImmediately();
    }
  });
});
