/** PostgreSQL (spec K10): any table, view or query of a server, whole or by a column that grows. */
import { FreshetError } from '@freshet/contracts';
import { defineConnector } from '../kit/define-connector';
import { checkPostgresql } from './check-postgresql';
import { chooseTables, discoverPostgresql } from './discover-postgresql';
import { postgresqlConfig, postgresqlCredentials, streamSpec } from './postgresql-config';
import { readPostgresql } from './read-postgresql';

export const postgresqlConnector = defineConnector({
  type: 'postgresql',
  name: 'PostgreSQL',
  description: 'Any table, view or query of a PostgreSQL server, from version 13 on.',
  auth: 'key',
  config: postgresqlConfig,
  credentials: postgresqlCredentials,
  docsUrl: 'https://www.postgresql.org/docs/current/',
  fixedStreams: [],
  provisionalDays: 0,
  streams: ({ streams }) => streams.map(streamSpec),
  check: checkPostgresql,
  discover: discoverPostgresql,
  choices: async (partial, credentials, context) => {
    const config = postgresqlConfig.safeParse({ ...partial, streams: [] });
    if (config.success) return chooseTables(config.data, credentials, context);
    throw new FreshetError('invalid_input', 'Give the server and the database first.');
  },
  read: readPostgresql,
});
