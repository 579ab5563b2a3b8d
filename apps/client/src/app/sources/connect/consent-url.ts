/** Where a person begins to give consent: a page load, since the provider takes over the browser. Pure. */
import type { ConnectorInfo } from '@freshet/contracts';

export const consentUrl = (
  connector: Pick<ConnectorInfo, 'type' | 'oauth'>,
  returnTo: string,
  connectionId?: string,
): string => {
  const query = new URLSearchParams({
    type: connector.type,
    returnTo,
    ...(connectionId && { connectionId }),
  });
  return `/api/oauth/${connector.oauth?.provider ?? ''}/start?${query.toString()}`;
};

export const providerNames: Readonly<Record<string, string>> = { google: 'Google', meta: 'Meta' };
