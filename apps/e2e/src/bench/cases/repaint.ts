/** From a model's publishing to the changed number in a real browser that nobody touches. */
import { waitFor } from '@freshet/testing';
import type { Page } from 'playwright-core';
import { Analyst } from '../../harness/analyst';
import { findChromium, launchBrowser } from '../../harness/browser';
import type { Bench, BenchCase } from '../bench';
import { percentile } from '../measure';

/** Bursts within 5 s are one update of the page, so each round begins after the last one's. */
const apart = 5_500;

const total = (round: number): string => `id,amount\n1,${1_000 + round}\n`;

/** From now on the page remembers when its figure first showed each value, by its own clock, which is this machine's. */
const rememberValues = (page: Page): Promise<void> =>
  page.evaluate(`{
    const seen = (globalThis.freshetSeen = {});
    new MutationObserver(() => {
      const value = document.querySelector('[data-testid=kpi-value]')?.dataset.value;
      if (value !== undefined) requestAnimationFrame(() => (seen[value] ??= Date.now()));
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }`);

const seenAt = (page: Page, value: number): Promise<number | null> =>
  page.evaluate(`globalThis.freshetSeen['${value}'] ?? null`);

const measure = async (bench: Bench, page: Page): Promise<number[]> => {
  const freshet = await bench.freshet();
  const source = await freshet.addFile('till', total(0));
  const model = await freshet.addModel({
    name: 'takings',
    sql: 'SELECT sum(amount) AS amount FROM till.till',
  });
  const { projectId } = freshet;
  const layout = { x: 0, y: 0, w: 4, h: 2 };
  const charts = [{ title: 'Takings', type: 'kpi' as const, sql: 'SELECT amount FROM takings', layout }];
  const body = { name: 'Till', charts };
  const dashboard = await freshet.api.call('createDashboard', { params: { projectId }, body });

  // Leads to signing in first, and from there to where it was to go.
  await page.goto(`/p/${projectId}/dashboards/${dashboard.id}`);
  await new Analyst(page).signIn(freshet.owner);
  await page.getByTestId('kpi-value').waitFor();
  await rememberValues(page);

  const times: number[] = [];
  for (let round = 1; round <= 4 * bench.rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, apart));
    freshet.files.serve('/till.csv', total(round));
    await freshet.syncAndCascade(source.id);
    const shown = await waitFor(() => seenAt(page, 1_000 + round), {
      timeout: 30_000,
      interval: 50,
      what: 'the figure to change',
    });
    const { rows } = await bench.pool.query<{ at: number }>(
      `select (1000 * extract(epoch from published_at))::float8 as at from app.model_version where model_id = $1 and state = 'live'`,
      [model.id],
    );
    times.push(shown - (rows[0]?.at ?? Number.NaN));
  }
  return times;
};

export const repaint: BenchCase = {
  name: 'version published → chart repainted in a browser, p95',
  goal: { atMost: 500, unit: 'ms' },
  run: async (bench) => {
    const program = findChromium();
    if (program === null) throw new Error('There is no Chromium on this machine.');
    const browser = await launchBrowser(program);
    try {
      const context = await browser.newContext({ baseURL: (await bench.freshet()).url });
      const times = await measure(bench, await context.newPage());
      return {
        value: percentile(times, 0.95),
        detail: `p50 ${percentile(times, 0.5).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms of ${times.length}`,
      };
    } finally {
      await browser.close();
    }
  },
};
