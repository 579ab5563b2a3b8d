/** Tests a file source step by step, so that a person sees how far it gets and what to put right. */
import { toFreshetError } from '@freshet/contracts';
import { wasCancelled } from '../kit/cancelled';
import type { CheckResult, CheckStep, DiscoveredStream } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import type { Row } from '../kit/column';
import { columnName } from '../kit/column-names';
import { toCell } from '../kit/types/to-cell';
import { fileStream, type FileConfig } from './file-config';
import { openFile, type OpenedFile } from './open-file';
import { refuseMissingKey } from './read-file';
import { sampleFile, type FileSample } from './sample-file';

/** Rows that a person is shown of a stream. */
const examples = 20;

const open = async (config: FileConfig, context: ConnectorContext): Promise<OpenedFile> => {
  const file = await context.retry(() => openFile(config, null, context));
  // Without validators to compare with, a file is always sent.
  return file as OpenedFile;
};

const describe = ({ format, columns, rows, isWhole }: FileSample): string => {
  const count = isWhole ? `${rows.length} rows` : `more than ${rows.length} rows`;
  return `${format.kind.toUpperCase()} with ${columns.length} columns and ${count}: ${columns
    .slice(0, 8)
    .map(({ name, type }) => `${name} (${type})`)
    .join(', ')}${columns.length > 8 ? ' …' : ''}.`;
};

/** The positions whose values together identify a row. */
const repeatedKey = (key: readonly string[], { columns, rows }: FileSample): string | null => {
  const positions = key.map((name) => columns.findIndex((column) => column.name === name));
  const seen = new Set<string>();
  for (const row of rows) {
    const values = JSON.stringify(positions.map((position) => row[position] ?? null));
    if (seen.has(values)) return values;
    seen.add(values);
  }
  return null;
};

const checkKey = (config: FileConfig, sample: FileSample): string => {
  const key = config.key.map(columnName);
  refuseMissingKey(key, sample.columns);
  const repeated = repeatedKey(key, sample);
  return repeated === null
    ? `Each sampled row has its own ${key.join(' + ')}.`
    : `${key.join(' + ')} repeats (${repeated.slice(0, 100)}): only one of such rows is kept.`;
};

/** Stops at the first step that fails. */
export const checkFile = async (config: FileConfig, context: ConnectorContext): Promise<CheckResult> => {
  const checks: CheckStep[] = [];
  const step = async <T>(
    name: string,
    work: () => Promise<T>,
    message: (result: T) => string,
  ): Promise<T> => {
    try {
      const result = await work();
      checks.push({ name, ok: true, message: message(result) });
      return result;
    } catch (error) {
      const { message: what, details } = toFreshetError(error);
      checks.push({
        name,
        ok: false,
        message: details.action === undefined ? what : `${what} ${details.action}`,
      });
      throw error;
    }
  };
  try {
    const file = await step(
      'Open the file',
      () => open(config, context),
      () => 'The file is there and may be read.',
    );
    const sample = await step('Read the data', () => sampleFile(config, file, context), describe);
    if (config.key.length > 0)
      await step(
        'Find the key',
        async () => checkKey(config, sample),
        (message) => message,
      );
  } catch (error) {
    if (wasCancelled(context.signal)) throw error;
  }
  return { ok: checks.every(({ ok }) => ok), checks };
};

const exampleRows = ({ columns, rows }: FileSample): Row[] =>
  rows.slice(0, examples).map((row) =>
    columns.map(({ type }, index) => {
      const cell = toCell[type](row[index] ?? null);
      return typeof cell === 'symbol' ? null : cell;
    }),
  );

export const discoverFile = async (
  config: FileConfig,
  context: ConnectorContext,
): Promise<DiscoveredStream[]> => {
  const sample = await sampleFile(config, await open(config, context), context);
  return [{ ...fileStream(config), columns: sample.columns, sample: exampleRows(sample) }];
};
