/** What people who raise money on ActBlue look at first: what came in, from where, and whether monthly donors stay. */
import type { ConnectorTemplate } from '../kit/template';

export const actBlueTemplates: readonly ConnectorTemplate[] = [];
