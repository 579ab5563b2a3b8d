/** What a person sets for a file source, and the one stream that follows from it. */
import { z } from 'zod';
import { columnName } from '../kit/column-names';
import type { StreamSpec } from '../kit/connector';

export const fileFormat = z.enum(['auto', 'csv', 'tsv', 'json', 'ndjson']);
export type FileFormat = Exclude<z.infer<typeof fileFormat>, 'auto'>;

export const fileConfig = z
  .object({
    url: z
      .url({ protocol: /^https?$/, error: 'Use an address that begins with https:// or http://.' })
      .optional(),
    uploadId: z.string().min(1).optional(),
    stream: z.string().min(1).max(200).optional().describe('Name of the table; by default that of the file'),
    format: fileFormat.default('auto'),
    key: z.array(z.string().min(1)).default([]).describe('Columns that identify a row'),
    mode: z.enum(['replace-all', 'upsert', 'append']).default('replace-all'),
    delimiter: z.string().min(1).max(4).optional(),
    encoding: z
      .string()
      .min(1)
      .optional()
      .describe('For example utf-8 or windows-1252; found out by default'),
    jsonPath: z
      .string()
      .min(1)
      .optional()
      .describe('Where in a JSON file the list of rows is, for example data.items'),
    provisionalDays: z.int().min(0).max(365).default(0),
  })
  .refine(({ url, uploadId }) => (url === undefined) !== (uploadId === undefined), {
    path: ['url'],
    error: 'Give either the address of a file or an uploaded one.',
  })
  .refine(({ mode, key }) => mode !== 'upsert' || key.length > 0, {
    path: ['key'],
    error: 'To update rows, Freshet needs the columns that identify one.',
  });

export type FileConfig = z.infer<typeof fileConfig>;

const extensions = /(\.(csv|tsv|tab|txt|json|ndjson|jsonl|gz))+$/i;

/** `https://x.org/a/Daily%20Orders.csv.gz?v=2` → `daily_orders`. */
const nameFromUrl = (url: string): string => {
  const last = new URL(url).pathname.split('/').findLast((part) => part !== '') ?? '';
  let decoded = last;
  try {
    decoded = decodeURIComponent(last);
  } catch {
    // A stray percent sign: the name as it stands is good enough.
  }
  return decoded.replace(extensions, '');
};

export const fileStream = (config: FileConfig): StreamSpec => {
  const name = config.stream ?? (config.url === undefined ? '' : nameFromUrl(config.url));
  return {
    name: columnName(name) || 'data',
    mode: config.mode,
    key: config.key.map(columnName),
    cursor: null,
    lookbackDays: 0,
    provisionalDays: config.provisionalDays,
    description: 'The rows of the file.',
    slicing: null,
  };
};
