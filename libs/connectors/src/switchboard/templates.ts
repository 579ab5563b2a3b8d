/** What people who text supporters look at first. */
import type { ConnectorTemplate } from '../kit/template';

export const switchboardTemplates: readonly ConnectorTemplate[] = [];
