/** What only the page itself can tell: that it was never reloaded, what its progress bar showed, and what its charts show. The snippets run in the browser. */
import { waitFor } from '@freshet/testing';
import type { Page } from 'playwright-core';

/** A page with this mark is still the one it was put on: a reload forgets it. */
export const mark = (page: Page): Promise<void> => page.evaluate('globalThis.freshetMark = true');
export const isMarked = (page: Page): Promise<boolean> => page.evaluate('globalThis.freshetMark === true');

export interface ShownProgress {
  /** Percent, as the bar showed them one after the other. */
  shares: number[];
  /** Rows, as the words beside it said. */
  rows: number[];
}

/** From now on everything is remembered that the progress of a sync shows on this page. */
export const rememberProgress = (page: Page): Promise<void> =>
  page.evaluate(`{
    const shown = (globalThis.freshetProgress = { shares: [], rows: [] });
    const keep = (list, value) => {
      if (Number.isFinite(value) && list.at(-1) !== value) list.push(value);
    };
    new MutationObserver(() => {
      const region = document.querySelector('[role=region][aria-label="The sync under way"]');
      const share = region?.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
      if (share) keep(shown.shares, Number(share));
      const rows = region?.textContent.match(/([\\d,]+) rows/);
      if (rows) keep(shown.rows, Number(rows[1].replaceAll(',', '')));
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }`);

export const shownProgress = (page: Page): Promise<ShownProgress> =>
  page.evaluate('globalThis.freshetProgress');

export interface ShownChart {
  type: string;
  title: string;
  /** Model id → version, as JSON. */
  versions: string | null;
  /** Every value as text, also those behind a picture. */
  values: string;
  /** The labels of a picture's axes; null for what is no picture. */
  labels: string | null;
}

const shownCharts = (page: Page): Promise<ShownChart[]> =>
  page.evaluate(`[...document.querySelectorAll('[data-testid=chart]')].map((card) => ({
    type: card.dataset.chartType,
    title: card.querySelector('h2').textContent.trim(),
    versions: card.dataset.versions ?? null,
    values: [...card.querySelectorAll('table td, [data-testid=kpi-value]')].map((each) => each.textContent.trim()).join(' | '),
    labels: card.querySelector('fr-chart-canvas svg') && [...card.querySelectorAll('fr-chart-canvas svg text')].map((each) => each.textContent).join(' '),
  }))`);

/** The charts of a dashboard, once all of them show these versions of models, and nothing any more of what they showed before. */
export const chartsAt = (
  page: Page,
  versions: Record<string, number>,
  before: readonly ShownChart[] = [],
): Promise<ShownChart[]> => {
  const expected = JSON.stringify(versions);
  const isThere = (chart: ShownChart, at: number): boolean =>
    chart.versions === expected &&
    chart.labels !== '' &&
    chart.values !== before[at]?.values &&
    (chart.labels === null || chart.labels !== before[at]?.labels);
  return waitFor(
    async () => {
      const charts = await shownCharts(page);
      return charts.length > 0 && charts.every(isThere) && charts;
    },
    { timeout: 30_000, what: `all charts to show ${expected}` },
  );
};
