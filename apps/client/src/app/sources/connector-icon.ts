/** The icon of a type of source. */
import type { IconName } from '../theme/icons';

const icons: Readonly<Record<string, IconName>> = { file: 'file' };

export const connectorIcon = (type: string): IconName => icons[type] ?? 'source';
