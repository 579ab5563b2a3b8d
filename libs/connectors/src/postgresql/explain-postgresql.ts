/** What PostgreSQL's errors mean for the person who set up the source (SQLSTATE codes: PostgreSQL documentation, appendix A). */
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { DatabaseError } from 'pg';
import { connectionError } from '../kit/http/connection-errors';

type Meaning = readonly [code: ProblemCode, sentence: string, action: string];

const again = 'Nothing to do: it is tried again.';

const meanings: Record<string, Meaning> = {
  '28P01': [
    'source_unauthorized',
    'PostgreSQL does not accept this user and password.',
    'Correct the user or the password.',
  ],
  '28000': [
    'source_unauthorized',
    'PostgreSQL does not let this user in from here.',
    'Allow the user and our address in pg_hba.conf, and LOGIN to the role; if it asks for encryption, choose TLS.',
  ],
  '3D000': ['source_not_found', 'There is no such database.', 'Correct the name of the database.'],
  '3F000': ['source_not_found', 'There is no such schema.', 'Correct the table, written as schema.table.'],
  '42P01': [
    'source_not_found',
    'There is no such table.',
    'Correct the table, written as schema.table, or turn the stream off.',
  ],
  '42703': ['source_not_found', 'There is no such column.', 'Correct the key, the cursor or the query.'],
  '42702': [
    'source_refused',
    'The query has two columns of one name.',
    'Give each column a name of its own by AS.',
  ],
  '42883': [
    'source_refused',
    'The query uses a function or a comparison that does not exist.',
    'Correct the query, or choose another key or cursor.',
  ],
  '42501': [
    'source_refused',
    'The user may not read this.',
    'GRANT SELECT on the table, and USAGE on its schema, to the user.',
  ],
  '25006': ['source_refused', 'The query would change the database.', 'Use a query that only reads.'],
  '57014': [
    'source_refused',
    'The query took too long, so it was stopped.',
    'Create an index on the cursor and the key, make the query simpler, or allow more seconds.',
  ],
  '55P03': ['source_unreachable', 'The table was locked by somebody else for too long.', again],
  '53300': [
    'source_unreachable',
    'The server has no connection left.',
    'Raise max_connections or the role’s CONNECTION LIMIT, or end other connections.',
  ],
  '25P03': ['source_unreachable', 'The server ended the connection, since it was idle for too long.', again],
  '57P03': ['source_unreachable', 'The server is starting, stopping or recovering.', again],
};

/** By the first two characters: the class of the code. */
const classes: Record<string, Meaning> = {
  '08': ['source_unreachable', 'The connection broke off.', again],
  '22': ['source_refused', 'The query fails on a value.', 'Correct the query or the value.'],
  '28': ['source_unauthorized', 'PostgreSQL does not let this user in.', 'Correct the user or the password.'],
  '40': ['source_unreachable', 'The server could not give a consistent view just now.', again],
  '42': ['source_refused', 'PostgreSQL does not understand the query.', 'Correct the query.'],
  '53': [
    'source_unreachable',
    'The server lacks memory, disk or connections.',
    'Try again later; ask those who run it.',
  ],
  '57': [
    'source_unreachable',
    'The server ended the connection, since it stops or somebody asked it to.',
    again,
  ],
  '58': ['source_unreachable', 'The server has trouble with its files.', 'Ask those who run it.'],
  XX: ['source_unreachable', 'The server has an internal problem.', 'Ask those who run it.'],
};

const unknown: Meaning = ['source_refused', 'PostgreSQL refused.', 'Correct the settings of the source.'];

const ownWords = ({ message, code }: DatabaseError): string => ` It says: ${message} (${code}).`;

/** A certificate does not get better by trying again. */
const distrusted = (told: FreshetError): FreshetError =>
  new FreshetError('source_refused', told.message, {
    action:
      'Give the certificate of the authority that signed it (ca), or choose to encrypt without checking (require).',
    cause: told,
  });

/** Any error of `pg`, of the network or of ours. @param host as the person typed it */
export const explainPostgresql = (error: unknown, host: string, signal?: AbortSignal): FreshetError => {
  if (error instanceof FreshetError) return error;
  if (error instanceof DatabaseError) {
    const [code, sentence, action] =
      meanings[error.code ?? ''] ?? classes[error.code?.slice(0, 2) ?? ''] ?? unknown;
    return new FreshetError(code, sentence + ownWords(error), {
      action,
      cause: error,
      extra: { sqlState: error.code },
    });
  }
  if (error instanceof Error && /does not support SSL|establishing an SSL/.test(error.message)) {
    return new FreshetError('source_refused', `${host} does not encrypt connections.`, {
      action: 'Turn on ssl at the server, or choose to read without TLS where the network is safe.',
      cause: error,
    });
  }
  const told = connectionError(error, host, signal);
  return told.message.startsWith('The secure connection') ? distrusted(told) : told;
};
