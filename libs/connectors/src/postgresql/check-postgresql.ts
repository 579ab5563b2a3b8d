/** Tests a PostgreSQL source: the way there, the sign-in, and each of its streams. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { FreshetError } from '@freshet/contracts';
import { checkSteps } from '../kit/check-steps';
import type { CheckResult } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { connectionError } from '../kit/http/connection-errors';
import { kindOf } from './chosen-columns';
import { describeColumns } from './columns';
import {
  streamName,
  type PostgresqlConfig,
  type PostgresqlCredentials,
  type StreamConfig,
} from './postgresql-config';
import { relation } from './relation';
import { Session } from './session';

const patience = 10_000;

/** Only opens a connection, so that a wrong address and a wrong password are told apart. */
const reach = async (
  { host, port }: PostgresqlConfig,
  { addressOf, signal }: ConnectorContext,
): Promise<void> => {
  const address = await addressOf(host);
  const both = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const socket = connect({ host: address, port });
  try {
    await once(socket, 'connect', { signal: both });
  } catch (error) {
    throw connectionError(both.aborted ? both.reason : error, `${host}:${port}`, signal);
  } finally {
    socket.destroy();
  }
};

const versionOf = async (session: Session): Promise<string> => {
  const { rows } = await session.query('SHOW server_version_num');
  const version = Number(rows[0]?.[0] ?? 0);
  if (version >= 130_000) return String(Math.floor(version / 10_000));
  throw new FreshetError(
    'source_refused',
    `The server is PostgreSQL ${Math.floor(version / 10_000)}, which is too old.`,
    {
      action: 'Use a server from version 13 on.',
    },
  );
};

const read = async (session: Session, stream: StreamConfig): Promise<number> => {
  const columns = await describeColumns(session, relation(stream));
  kindOf(stream, columns);
  await session.query(`SELECT FROM ${relation(stream)} LIMIT 1`);
  return columns.length;
};

export const checkPostgresql = (
  config: PostgresqlConfig,
  credentials: PostgresqlCredentials,
  context: ConnectorContext,
): Promise<CheckResult> =>
  checkSteps(context, async (step) => {
    await step(
      'Reach the server',
      () => reach(config, context),
      () => `${config.host} answers on port ${config.port}.`,
    );
    let session: Session | undefined;
    try {
      await step(
        'Sign in',
        async () => {
          session = await Session.begin(config, credentials, context);
          return versionOf(session);
        },
        (version) => `${credentials.user} may connect to ${config.database}, on PostgreSQL ${version}.`,
      );
      for (const stream of config.streams) {
        await step(
          `Read ${streamName(stream)}`,
          () => read(session as Session, stream),
          (columns) => `It can be read and has ${columns} columns.`,
        );
      }
    } finally {
      await session?.close();
    }
  });
