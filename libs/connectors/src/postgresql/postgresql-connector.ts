/** PostgreSQL (spec K10): any table, view or query of a server, whole or by a column that grows. */
import { defineConnector } from '../kit/define-connector';
import { checkPostgresql } from './check-postgresql';
import { discoverPostgresql } from './discover-postgresql';
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
  read: readPostgresql,
});
