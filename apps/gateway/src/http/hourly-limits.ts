/** How often one principal may start costly work by hand (spec SY11, AP4). */
import { defaults } from '@freshet/contracts';
import type { Limit } from '@freshet/service-kit';

const windowMs = 3_600_000;

export const hourlyLimit = {
  syncs: (sourceId: string): Limit => ({
    name: `syncs:${sourceId}`,
    most: defaults.limitsPerHour.syncsPerSource,
    windowMs,
  }),
  modelRefreshes: { name: 'model-refreshes', most: defaults.limitsPerHour.modelRefreshes, windowMs },
  cascades: { name: 'cascades', most: defaults.limitsPerHour.cascades, windowMs },
} as const;
