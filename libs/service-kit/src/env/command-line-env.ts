/** What a command-line tool reads from its environment: where Freshet is, and the key to it. Nothing is required. */
import { z } from 'zod';

export const commandLineEnv = z.object({
  FRESHET_URL: z.string().optional(),
  FRESHET_API_KEY: z.string().optional(),
  /** Where `npm start` keeps its data, and there `demo.json`. */
  FRESHET_DATA_DIR: z.string().default('.freshet'),
});
export type CommandLineEnv = z.infer<typeof commandLineEnv>;

/** An empty variable means the same as none. */
export const readCommandLineEnv = (source: NodeJS.ProcessEnv = process.env): CommandLineEnv =>
  commandLineEnv.parse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));
