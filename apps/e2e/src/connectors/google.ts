/** A Google account that consents at the sandbox's authorization server. */
import { sandboxAccounts, startGoogleIdentity, type GoogleIdentity } from '@freshet/testing';
import { consent } from './consent';
import type { Session } from './trial';

export interface GoogleTrial {
  identity: GoogleIdentity;
  env: Record<string, string>;
  connect(session: Session, type: string, scope: string): Promise<{ connectionId: string }>;
}

export const startGoogle = async (now: () => Date): Promise<GoogleTrial> => {
  const identity = await startGoogleIdentity({ now });
  const decide = (scope: string) => async (page: URL) => {
    const form = new URLSearchParams(page.searchParams);
    form.set('account', sandboxAccounts.marketing.email);
    form.set('decision', 'allow');
    form.append('granted', scope);
    const address = identity.endpoints.oauth2AuthBaseUrl;
    const answer = await fetch(address, { method: 'POST', body: form, redirect: 'manual' });
    return answer.headers.get('location') ?? '';
  };
  return {
    identity,
    env: {
      FRESHET_GOOGLE_OAUTH_URL: identity.url,
      FRESHET_GOOGLE_CLIENT_ID: identity.client.id,
      FRESHET_GOOGLE_CLIENT_SECRET: identity.client.secret,
      FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN: 'sandbox-developer-token',
    },
    connect: async (session, type, scope) => ({
      connectionId: await consent(session, { provider: 'google', type }, decide(scope)),
    }),
  };
};
