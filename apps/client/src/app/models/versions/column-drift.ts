/** What became of a column between two builds, in words. */
import type { VersionDiff } from '@freshet/contracts';
import { count } from '../../time/describe-number';

type ColumnDiff = VersionDiff['columns'][number];

export interface ColumnDrift {
  name: string;
  /** Type, or what happened to the column. */
  type: string;
  changedRows: string;
  nulls: string;
  distinct: string;
  range: string;
  mean: string;
  /** Something about it is other than before. */
  moved: boolean;
}

const arrow = (from: string, to: string): string => (from === to ? to : `${from} → ${to}`);
const number = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '–'
    : Number.isInteger(value)
      ? count(value)
      : value.toLocaleString('en-GB', { maximumSignificantDigits: 5 });

export const columnDrift = ({ name, change, from, to, changedRows }: ColumnDiff): ColumnDrift => {
  const both = from !== null && to !== null;
  const told = (value: (profile: NonNullable<ColumnDiff['to']>) => string): string =>
    both ? arrow(value(from), value(to)) : to ? value(to) : from ? value(from) : '–';
  const drift = {
    name,
    type:
      change === 'added'
        ? `${to?.type ?? ''}, new`
        : change === 'removed'
          ? `${from?.type ?? ''}, gone`
          : told(({ type }) => type),
    changedRows: changedRows === null ? '–' : count(changedRows),
    nulls: told(({ nulls }) => number(nulls)),
    distinct: told(({ distinct }) => number(distinct)),
    range: told(({ min, max }) => (min === null && max === null ? '–' : `${min ?? '–'} … ${max ?? '–'}`)),
    mean: told(({ mean }) => number(mean)),
  };
  return {
    ...drift,
    moved:
      change !== 'same' || Boolean(changedRows) || Object.values(drift).some((text) => text.includes(' → ')),
  };
};
