/** What people who sell franchises look at first. */
import type { ConnectorTemplate } from '../kit/template';

export const clientTetherTemplates: readonly ConnectorTemplate[] = [];
