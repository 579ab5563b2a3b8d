/** The beginning of a file, for a check and for discovery: enough rows to know its columns, never the whole of a large one. */
import type { Column } from '../kit/column';
import type { ConnectorContext } from '../kit/context';
import { inferColumns } from '../kit/types/infer-columns';
import type { RawRow } from '../kit/types/raw-value';
import { unreadable } from '../kit/unreadable';
import type { FileConfig } from './file-config';
import { formatOf, isUntyped, parserFor, type Format } from './format';
import type { OpenedFile } from './open-file';
import { sampleRows } from './read-file';
import { RowCollector } from './row-collector';
import { utf8Check } from './text-encoding';

const headBytes = 65_536;
const mostBytes = 4 * 1024 * 1024;

export interface FileSample {
  format: Format;
  columns: Column[];
  rows: RawRow[];
  /** Whether the rows are all that the file has. */
  isWhole: boolean;
}

const readHead = async (content: AsyncIterator<Uint8Array>): Promise<{ bytes: Buffer; ended: boolean }> => {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < headBytes;) {
    const next = await content.next();
    if (next.done === true) return { bytes: Buffer.concat(chunks), ended: true };
    chunks.push(next.value);
    length += next.value.byteLength;
  }
  return { bytes: Buffer.concat(chunks), ended: false };
};

/** Closes the file. */
export const sampleFile = async (
  config: FileConfig,
  file: OpenedFile,
  context: ConnectorContext,
): Promise<FileSample> => {
  try {
    const content = file.content[Symbol.asyncIterator]();
    let { bytes: chunk, ended } = await readHead(content);
    const { name, contentType } = file;
    const format = await formatOf(config, { bytes: chunk, name, contentType, isUtf8: utf8Check()(chunk) });
    const collector = new RowCollector();
    const parser = parserFor(format, collector);
    for (let bytes = chunk.length; ; bytes += chunk.length) {
      await parser.write(chunk);
      if (ended || collector.count >= sampleRows || bytes >= Math.min(mostBytes, context.maxBytes)) break;
      const next = await content.next();
      ended = next.done === true;
      chunk = next.done === true ? Buffer.alloc(0) : Buffer.from(next.value);
    }
    if (ended) await parser.end();
    const { rows } = collector.take();
    const columns = inferColumns(collector.names, rows.slice(0, sampleRows), isUntyped(format));
    if (columns.length === 0)
      throw unreadable('No rows were found in the file.', 'Check its format, and jsonPath for JSON.');
    return { format, columns, rows: rows.slice(0, sampleRows), isWhole: ended && rows.length <= sampleRows };
  } finally {
    file.close();
  }
};
