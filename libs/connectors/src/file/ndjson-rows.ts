/** NDJSON (JSON Lines): one object a line; a line that is none is rejected, the others go on. */
import { unreadable } from '../kit/unreadable';
import { elementRows, parseExactly } from './json-value';
import type { RowCollector, RowParser } from './row-collector';
import { decoderOf } from './text-encoding';

const longestLine = 16 * 1024 * 1024;

export const ndjsonRows = (encoding: string, collector: RowCollector): RowParser => {
  const decoder = decoderOf(encoding);
  const toRow = elementRows(collector);
  let line = 0;
  let rest = '';

  const take = (text: string): void => {
    line += 1;
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = parseExactly(text);
    } catch {
      collector.reject(line, 'This line is not valid JSON.', text);
      return;
    }
    toRow(line, value);
  };

  const consume = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) take(one);
    if (rest.length > longestLine)
      throw unreadable('A line of the file is longer than 16 MB.', 'Check that its format is NDJSON.');
  };

  return {
    write: async (chunk) => consume(decoder.write(chunk)),
    end: async () => {
      consume(decoder.end());
      if (rest !== '') take(rest);
    },
  };
};
