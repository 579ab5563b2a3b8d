/** In which format a file is: as a person said, by content type, by name, or by its first bytes. */
import { unreadable } from '../kit/unreadable';
import { csvRows } from './csv-rows';
import { sniffDelimiter } from './delimiter';
import type { FileConfig, FileFormat } from './file-config';
import { jsonRows } from './json-rows';
import { ndjsonRows } from './ndjson-rows';
import type { RowCollector, RowParser } from './row-collector';
import { decoderOf, encodingOf } from './text-encoding';

/** How to read one particular file. */
export type Format =
  | { kind: 'csv' | 'tsv'; delimiter: string; encoding: string }
  | { kind: 'json'; path: string; encoding: string }
  | { kind: 'ndjson'; encoding: string };

export interface FileHead {
  /** The first bytes, unpacked. */
  bytes: Buffer;
  contentType: string | null;
  /** Without folders and without `.gz`. */
  name: string;
  isUtf8: boolean;
}

const byContentType: Record<string, FileFormat> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
};

const byExtension: Record<string, FileFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

const refuseOthers = (text: string, { bytes, contentType }: FileHead): void => {
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) {
    throw unreadable('This is a ZIP archive or an Excel workbook.', 'Save it as CSV, or unpack it.');
  }
  if (/^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text)) {
    const isSaid = /\bhtml\b/.test(contentType ?? '');
    throw unreadable(
      isSaid
        ? 'The address leads to a web page, not to a data file.'
        : 'The file holds a web page or XML, not data.',
      'Use the address of the file itself; it must open without signing in.',
    );
  }
};

/** Two lines that are each an object, whatever the server calls the file. */
const looksLikeLines = (text: string): boolean => {
  const [first = '', second = ''] = text.trimStart().split('\n');
  if (!first.startsWith('{') || !second.startsWith('{')) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
};

const detect = (text: string, head: FileHead): FileFormat => {
  const told = byContentType[(head.contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''];
  const named = byExtension[/\.(\w+)$/.exec(head.name)?.[1]?.toLowerCase() ?? ''];
  const start = text.trimStart()[0];
  const found = told ?? named ?? (start === '[' || start === '{' ? 'json' : 'csv');
  return found === 'json' && looksLikeLines(text) ? 'ndjson' : found;
};

/** Throws `source_unreadable` for an empty file, an archive or a web page. */
export const formatOf = async (config: FileConfig, head: FileHead): Promise<Format> => {
  if (head.bytes.length === 0)
    throw unreadable('The file is empty.', 'Check that whatever writes it has finished.');
  const encoding = encodingOf(config.encoding, head.bytes, head.contentType, head.isUtf8);
  const text = decoderOf(encoding).write(head.bytes);
  refuseOthers(text, head);
  const kind =
    config.format === 'auto' ? (config.jsonPath === undefined ? detect(text, head) : 'json') : config.format;
  switch (kind) {
    case 'json':
      return { kind, encoding, path: (config.jsonPath ?? '').replace(/^\$?\.?/, '') };
    case 'ndjson':
      return { kind, encoding };
    case 'tsv':
      return { kind, encoding, delimiter: config.delimiter ?? '\t' };
    case 'csv':
      return { kind, encoding, delimiter: config.delimiter ?? (await sniffDelimiter(head.bytes, encoding)) };
  }
};

export const parserFor = (format: Format, collector: RowCollector): RowParser => {
  switch (format.kind) {
    case 'json':
      return jsonRows(format, collector);
    case 'ndjson':
      return ndjsonRows(format.encoding, collector);
    default:
      return csvRows(format, collector);
  }
};

/** CSV text may mean numbers; JSON says itself what is one. */
export const isUntyped = (format: Format): boolean => format.kind === 'csv' || format.kind === 'tsv';
