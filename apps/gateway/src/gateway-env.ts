/** What the gateway alone reads from its environment. */
import path from 'node:path';
import { baseEnv, type Env } from '@freshet/service-kit';
import { z } from 'zod';

export const gatewayEnv = baseEnv.extend({
  /** Where the built client lies; beside the gateway's own bundle when not set. */
  FRESHET_CLIENT_DIR: z
    .string()
    .default(() => path.join(path.dirname(process.argv[1] ?? '.'), '..', 'client')),
});

export type GatewayEnv = Env<typeof gatewayEnv>;
