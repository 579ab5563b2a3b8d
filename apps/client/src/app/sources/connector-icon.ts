/** The icon of a type of source. */
import type { IconName } from '../theme/icons';

const icons: Readonly<Record<string, IconName>> = {
  file: 'file',
  'google-analytics': 'chart-line',
  'google-ads': 'megaphone',
  'google-ad-manager': 'monetize',
  bigquery: 'warehouse',
  klaviyo: 'mail',
  'meta-ads': 'audience',
  actblue: 'donation',
  switchboard: 'message',
  clienttether: 'handshake',
  postgresql: 'source',
};

export const connectorIcon = (type: string): IconName => icons[type] ?? 'source';
