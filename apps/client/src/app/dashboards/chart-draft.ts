/** A dashboard while it is edited: charts in an order, each with a size; their places follow from both. */
import type { ApiProblem } from '../api/api-problem';
import type { Chart, ChartInput, Fault, QueryResult } from '@freshet/contracts';
import { inReadingOrder, packLayout } from './pack-layout';

export interface ChartDraft {
  /** Tells drafts apart; the chart's id once it has one. */
  key: string;
  chart: ChartInput;
  result: QueryResult | null;
  error: Fault | null;
}

export const faultOf = ({ code, detail, action }: ApiProblem): Fault => ({ code, message: detail, action });

export const draftsOf = (charts: readonly Chart[]): ChartDraft[] =>
  inReadingOrder(charts).map((chart) => ({ key: chart.id, chart, result: null, error: null }));

/** The same drafts with their places packed anew from order and size. */
export const placed = (drafts: readonly ChartDraft[]): ChartDraft[] => {
  const layouts = packLayout(drafts.map(({ chart }) => chart.layout));
  return drafts.map((draft, at) => ({
    ...draft,
    chart: { ...draft.chart, layout: layouts[at] ?? draft.chart.layout },
  }));
};

/** Swaps a draft with the one before (−1) or after (1) it; at an end nothing changes. */
export const moved = (drafts: readonly ChartDraft[], key: string, step: -1 | 1): ChartDraft[] => {
  const at = drafts.findIndex((draft) => draft.key === key);
  const [draft, other] = [drafts[at], drafts[at + step]];
  if (!draft || !other) return [...drafts];
  return placed(drafts.map((each) => (each === draft ? other : each === other ? draft : each)));
};

export const resized = (
  drafts: readonly ChartDraft[],
  key: string,
  size: { w?: number; h?: number },
): ChartDraft[] =>
  placed(
    drafts.map((draft) =>
      draft.key === key
        ? { ...draft, chart: { ...draft.chart, layout: { ...draft.chart.layout, ...size } } }
        : draft,
    ),
  );

export const widths: readonly { w: number; name: string }[] = [
  { w: 3, name: 'Quarter' },
  { w: 4, name: 'Third' },
  { w: 6, name: 'Half' },
  { w: 8, name: 'Two thirds' },
  { w: 12, name: 'Full width' },
];

export const heights: readonly { h: number; name: string }[] = [
  { h: 2, name: 'Low' },
  { h: 4, name: 'Medium' },
  { h: 6, name: 'Tall' },
];

/** The offered widths, with the chart's own when it is none of them. */
export const widthChoices = (w: number): { w: number; name: string }[] =>
  widths.some((width) => width.w === w)
    ? [...widths]
    : [...widths, { w, name: `${String(w)} of 12 columns` }].toSorted((a, b) => a.w - b.w);

export const heightChoices = (h: number): { h: number; name: string }[] =>
  heights.some((height) => height.h === h)
    ? [...heights]
    : [...heights, { h, name: `${String(h)} rows` }].toSorted((a, b) => a.h - b.h);
