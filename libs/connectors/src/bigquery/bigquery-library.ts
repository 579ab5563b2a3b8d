/** Google's client libraries for BigQuery and for signing in to it, loaded when they are first needed. */
import { createRequire } from 'node:module';

type Library = Pick<typeof import('@google-cloud/bigquery'), 'BigQuery'> &
  Pick<typeof import('google-auth-library'), 'JWT' | 'OAuth2Client'>;

/** What Node has loaded is remembered by Node. */
export const bigQueryLibrary = (): Library => {
  const here = createRequire(import.meta.url);
  const { BigQuery } = here('@google-cloud/bigquery') as Library;
  const { JWT, OAuth2Client } = here('google-auth-library') as Library;
  return { BigQuery, JWT, OAuth2Client };
};
