/** Rows of twelve columns as a connector of a business system hands them over: ids, texts, money, times, JSON. */
import type { Row, StreamColumn } from '@freshet/warehouse';

export const wideColumns: readonly StreamColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'account_id', type: 'bigint' },
  { name: 'email', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'status', type: 'text' },
  { name: 'amount', type: 'numeric' },
  { name: 'qty', type: 'bigint' },
  { name: 'active', type: 'boolean' },
  { name: 'created_at', type: 'timestamp' },
  { name: 'updated_at', type: 'timestamp' },
  { name: 'meta', type: 'json' },
  { name: 'score', type: 'double' },
];

const statuses = ['new', 'open', 'won', 'lost'];

const wideRow = (id: number): Row => [
  id,
  id % 5_000,
  `user${id}@example.com`,
  `Name ${id}`,
  statuses[id % statuses.length],
  (id % 100_000) / 100,
  id % 10,
  id % 2 === 0,
  '2026-01-01T00:00:00Z',
  '2026-06-01T00:00:00Z',
  `{"a":${id % 100},"src":"api"}`,
  id / 3,
];

const batchSize = 1_000;

/** Batches of the rows with these ids: `from` to `from + count - 1`. */
export function* wideRows(from: number, count: number): Generator<Row[]> {
  for (let at = from; at < from + count; at += batchSize) {
    const length = Math.min(batchSize, from + count - at);
    yield Array.from({ length }, (_, place) => wideRow(at + place));
  }
}

/** The least that turns such rows into COPY's text: what a program that trusts its data would write. */
export function* bareCopyText(batches: Iterable<readonly Row[]>): Generator<string> {
  for (const batch of batches) {
    let text = '';
    for (const row of batch) text += `${row.map(bareCell).join('\t')}\n`;
    yield text;
  }
}

const bareCell = (value: Row[number]): string => {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return typeof value === 'string' ? value.replaceAll('\\', '\\\\') : String(value);
};
