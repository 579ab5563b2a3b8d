import type { Cell } from '../column';
import type { Batch } from '../connector';
import { Table } from './table';

const batch = (...rows: Cell[][]): Batch => ({
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'day', type: 'date' },
  ],
  rows,
  rejects: [],
  checkpoint: null,
  progress: null,
  notModified: false,
});
const idsOf = (table: Table): string[] => table.shown(['id']).map((line) => JSON.parse(line)[0][1]);
const march = (day: number): string => `2026-03-${String(day).padStart(2, '0')}`;

it('replaces the rows of a window, and no others', () => {
  const table = new Table({ mode: 'replace-window', key: ['id'], cursor: 'day' });
  table.commit([batch(['1', march(1)], ['2', march(2)], ['3', march(3)])], { from: march(1), to: march(4) });
  table.commit([batch(['4', march(2)])], { from: march(2), to: march(3) });
  expect(idsOf(table)).toEqual(['1', '3', '4']);
});

it('appends rows whose key is new, updates rows of the same, and replaces all', () => {
  const after = (mode: 'append' | 'upsert' | 'replace-all'): string[] => {
    const table = new Table({ mode, key: ['id'], cursor: null });
    table.commit([batch(['1', march(1)], ['2', march(2)])], {});
    table.commit([batch(['2', march(9)], ['3', march(9)])], {});
    return table.shown(['id', 'day']).map((line) => line.replaceAll(/[^\d,-]/g, ''));
  };
  expect(after('append')).toEqual([',1,,2026-03-01', ',2,,2026-03-02', ',3,,2026-03-09']);
  expect(after('upsert')).toEqual([',1,,2026-03-01', ',2,,2026-03-09', ',3,,2026-03-09']);
  expect(after('replace-all')).toEqual([',2,,2026-03-09', ',3,,2026-03-09']);
});

it('keeps equal rows apart that have no key', () => {
  const table = new Table({ mode: 'replace-all', key: [], cursor: null });
  table.commit([batch(['1', march(1)], ['1', march(1)])], {});
  expect(table.size).toBe(2);
});
