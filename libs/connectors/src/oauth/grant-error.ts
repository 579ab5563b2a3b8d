/** What went wrong between us and a provider, for the person who connected the account. */
import { FreshetError } from '@freshet/contracts';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { MetaRefusal } from './meta-tokens';

const reconnect = 'Reconnect the account; what was synced stays, and the next sync goes on where it stopped.';

export const grantError = (provider: string, error: unknown): FreshetError => {
  if (error instanceof FreshetError) return error;
  const gone = (sentence: string): FreshetError =>
    new FreshetError('source_unauthorized', sentence, { action: reconnect, cause: error });
  if (error instanceof MetaRefusal) {
    if (error.status < 500 && error.code === 190)
      return gone(`${provider} no longer accepts our access: ${error.message}`);
  } else if (error instanceof ResponseBodyError) {
    if (error.error === 'invalid_grant')
      return gone(`Our access to the ${provider} account was revoked, or it expired.`);
    if (error.status < 500) return refused(provider, error.error, error);
  } else if (error instanceof AuthorizationResponseError) {
    return gone(`${provider} sent you back without consent (${error.error}).`);
  } else if (error instanceof ClientError && statusOf(error) >= 400 && statusOf(error) < 500) {
    return refused(provider, String(statusOf(error)), error);
  } else if (error instanceof ClientError && error.code?.startsWith('OAUTH_INVALID')) {
    return gone(`What ${provider} sent back does not belong to this attempt to connect.`);
  }
  return new FreshetError('source_unreachable', `${provider} could not be reached to renew our access.`, {
    action: 'Nothing to do now: it is tried again with the next sync.',
    cause: error,
  });
};

const refused = (provider: string, why: string, cause: unknown): FreshetError =>
  new FreshetError('source_refused', `${provider} refused to give us access (${why}).`, {
    action: 'Ask the operator to check the client id, its secret and the redirect address.',
    cause,
  });

/** Of an answer that is no OAuth error, as Meta's are; 0 when there is none. */
const statusOf = ({ cause }: ClientError): number => (cause instanceof Response ? cause.status : 0);
