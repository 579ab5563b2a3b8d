/** Every connector that Freshet has. A new one adds its folder and one line here. */
import { FreshetError } from '@freshet/contracts';
import { actBlueConnector } from './actblue/actblue-connector';
import { bigQueryConnector } from './bigquery/bigquery-connector';
import { clientTetherConnector } from './clienttether/clienttether-connector';
import { fileConnector } from './file/file-connector';
import { googleAdManagerConnector } from './google-ad-manager/google-ad-manager-connector';
import { googleAdsConnector } from './google-ads/google-ads-connector';
import { googleAnalyticsConnector } from './google-analytics/google-analytics-connector';
import type { Connector } from './kit/connector';
import { klaviyoConnector } from './klaviyo/klaviyo-connector';
import { postgresqlConnector } from './postgresql/postgresql-connector';
import { switchboardConnector } from './switchboard/switchboard-connector';
import { metaAdsConnector } from './meta-ads/meta-ads-connector';

export const connectors: readonly Connector[] = [
  fileConnector,
  googleAnalyticsConnector,
  klaviyoConnector,
  googleAdsConnector,
  googleAdManagerConnector,
  bigQueryConnector,
  postgresqlConnector,
  actBlueConnector,
  switchboardConnector,
  clientTetherConnector,
  metaAdsConnector,
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
