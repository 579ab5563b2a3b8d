/** The sandbox's project: a shop's tables in Europe, with every type there is, and Amazon's search query performance in America. */
import { amazonTables } from './amazon-tables';
import { shopTables } from './shop-tables';
import type { SandboxTable } from './world';

export const projectId = 'sandbox-marketing';

export const datasets: Readonly<Record<string, { location: string }>> = {
  shop: { location: 'EU' },
  amazon: { location: 'US' },
};

export const sandboxTables: readonly SandboxTable[] = [...shopTables, ...amazonTables];
