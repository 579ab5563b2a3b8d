/** Every connector that Freshet has. A new one adds its folder and one line here. */
import { FreshetError } from '@freshet/contracts';
import { actBlueConnector } from './actblue/actblue-connector';
import { clientTetherConnector } from './clienttether/clienttether-connector';
import { fileConnector } from './file/file-connector';
import { googleAdManagerConnector } from './google-ad-manager/google-ad-manager-connector';
import { googleAdsConnector } from './google-ads/google-ads-connector';
import { googleAnalyticsConnector } from './google-analytics/google-analytics-connector';
import type { Connector } from './kit/connector';
import { klaviyoConnector } from './klaviyo/klaviyo-connector';
import { postgresqlConnector } from './postgresql/postgresql-connector';
import { switchboardConnector } from './switchboard/switchboard-connector';

export const connectors: readonly Connector[] = [
  fileConnector,
  googleAnalyticsConnector,
  klaviyoConnector,
  googleAdsConnector,
  googleAdManagerConnector,
  postgresqlConnector,
  actBlueConnector,
  switchboardConnector,
  clientTetherConnector,
];

/** Throws `invalid_input` for a type that does not exist. */
export const findConnector = (type: string): Connector => {
  const found = connectors.find(({ spec }) => spec.type === type);
  if (found) return found;
  const types = connectors.map(({ spec }) => spec.type).join(', ');
  throw new FreshetError('invalid_input', `There is no connector called ${type}.`, {
    action: `Use one of: ${types}.`,
  });
};
