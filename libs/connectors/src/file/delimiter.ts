/** Which character separates the cells of a CSV file whose owner did not say. */
import { parseRecords } from './csv-rows';

const candidates = [',', ';', '\t', '|'];
const enough = 50;

interface Score {
  delimiter: string;
  width: number;
  /** Share of records as wide as the first. */
  evenness: number;
}

const scoreOf = async (delimiter: string, head: Buffer, encoding: string): Promise<Score> => {
  const widths: number[] = [];
  const parser = parseRecords({ delimiter, encoding }, (cells) => {
    if (widths.length < enough) widths.push(cells.length);
  });
  // The head may end in mid-record, so it is never ended; a candidate that can't read it at all scores nothing.
  await parser.write(head).catch(() => {
    widths.length = 0;
  });
  const width = widths[0] ?? 0;
  return {
    delimiter,
    width,
    evenness: widths.filter((other) => other === width).length / Math.max(1, widths.length),
  };
};

/** The one that cuts the first records into most cells evenly; a comma when none cuts them at all. */
export const sniffDelimiter = async (head: Buffer, encoding: string): Promise<string> => {
  // A last line end makes the only line of a tiny file a record.
  const lines = Buffer.concat([head, Buffer.from('\n')]);
  const scores = await Promise.all(candidates.map((delimiter) => scoreOf(delimiter, lines, encoding)));
  const cutting = scores.filter(({ width }) => width > 1);
  const best = cutting.sort((a, b) => b.evenness - a.evenness || b.width - a.width)[0];
  return best?.delimiter ?? ',';
};
