/**
 * A marketer's story, told in a browser against the built services and Google's stand-ins: from consent to a dashboard that
 * follows what the vendor restates, and back to work after the consent was taken away.
 */
import { dateOf, dayNumber, localDate, sandboxProperties, waitFor } from '@freshet/testing';
import type { Page } from 'playwright-core';
import { Analyst } from './src/harness/analyst';
import { findChromium, useBrowser, type Visitor } from './src/harness/browser';
import { isMarked, mark } from './src/harness/in-page';
import { useFreshet } from './src/harness/use-freshet';
import { useGoogle } from './src/harness/use-google';
import { whilePaused } from './src/harness/while-paused';
import { Workspace } from './src/harness/workspace';

const chromium = findChromium();
const [story, title] = chromium
  ? [describe, 'a marketer with a Google account']
  : [
      describe.skip,
      'a marketer with a Google account (skipped: no Chromium or Chrome on PATH or in /usr/bin)',
    ];

story(title, () => {
  const browser = useBrowser(chromium);
  const google = useGoogle();
  const freshet = useFreshet({ env: google.env });
  const workspace = new Workspace(freshet);
  const property = sandboxProperties.europe;
  /** As the connector reads them again at each sync. */
  const lookbackDays = 3;

  let visitor: Visitor;
  let analyst: Analyst;
  let page: Page;
  let sourceId: string;
  let dashboardUrl: string;
  let shown: string[];
  /** What a later sync may read again, by the day on which the last one began. */
  let rereadFrom: string;

  const today = (): string => localDate(google.analytics.now(), property.timeZone);
  const daysAgo = (days: number): string => dateOf(dayNumber(today()) - days);
  const allow = async (): Promise<void> => {
    await page.getByText('Sandbox: no real Google account').waitFor();
    await page.getByRole('radio', { name: google.account }).check();
    await page.getByRole('button', { name: 'Allow' }).click();
  };
  /** Days and sessions, as the chart says them to those who don't see it: `2026-11-22 900`. */
  const sessionsShown = async (): Promise<string[]> => {
    const chart = page
      .getByTestId('chart')
      .filter({ has: page.getByRole('heading', { name: /Sessions and users by day/ }) });
    const cells = await chart.getByTestId('chart-values').locator('tbody td').allTextContents();
    // Four to a row: the day, sessions, users, new users.
    return cells.flatMap((day, at) => (at % 4 === 0 ? [`${day} ${cells[at + 1] ?? ''}`] : []));
  };
  /** What the property has for each of these days, by its own account. */
  const sessionsThere = (from: string): string[] => {
    const byDay = new Map<string, number>();
    const rows = google.analytics.truth({
      property: property.id,
      dimensions: ['date', 'sessionSource', 'sessionMedium'],
      metrics: ['sessions'],
      from,
      to: dateOf(dayNumber(today()) + 1),
    });
    for (const {
      dimensions: [date = ''],
      metrics: [sessions = '0'],
    } of rows)
      byDay.set(date, (byDay.get(date) ?? 0) + Number(sessions));
    return [...byDay]
      .map(
        ([date, count]) => `${date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')} ${count.toLocaleString('en')}`,
      )
      .toSorted();
  };
  const untilShown = (expected: readonly string[]): Promise<unknown> =>
    waitFor(async () => JSON.stringify(await sessionsShown()) === JSON.stringify(expected), {
      timeout: 30_000,
      what: `the chart to show ${expected.join(', ')}`,
    });

  beforeAll(async () => {
    visitor = await browser.visit(freshet.url);
    page = visitor.page;
    analyst = new Analyst(page);
    await page.goto('/');
    await analyst.signIn(freshet.owner);
    await analyst.sees('Connect your first source');
  }, 60_000);

  it('is told what to do when consent was denied, and nothing is connected', async () => {
    await page.getByRole('link', { name: 'Add source' }).click();
    await page.getByRole('link', { name: /^Google Analytics/ }).click();
    await analyst.button('Connect with Google').click();
    await page.getByRole('button', { name: 'Deny' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/did not give consent[^]*choose Allow/);
    expect((await freshet.api.call('listConnections', { params: {} })).items).toEqual([]);
  });

  it('connects an account by consent, picks a property from it, and tests it', async () => {
    await analyst.button('Connect with Google').click();
    await allow();
    await page.getByRole('radio', { name: new RegExp(google.account) }).waitFor();
    await page.getByRole('combobox', { name: /^Property/ }).click();
    await page.getByRole('option', { name: property.name }).click();
    await analyst.button('Test connection').click();
    await page.getByRole('heading', { name: '3. What to sync, and when' }).waitFor();
    const steps = await page.locator('fr-connection-check').getByRole('listitem').allInnerTexts();
    expect(steps.map((step) => step.split('\n')[0])).toEqual(steps.map(() => expect.stringMatching(/: ok$/)));
    expect(await analyst.field('Name in SQL').inputValue()).toBe('ga_harbor_pine_europe');
  });

  it('adds it, watches the first sync, and finds the rows of every stream', async () => {
    await analyst.choose('Read back to', '7 days');
    await analyst.choose('Sync', 'by hand only');
    // So that the page which shows the sync is there before there is anything to show.
    await whilePaused(freshet.services.sync, async () => {
      await analyst.button('Add source and sync').click();
      sourceId = await analyst.idAt(/sources\/(\d+)\/runs$/);
      await page.getByRole('region', { name: 'The sync under way' }).waitFor();
    });
    await page.getByRole('row', { name: /^completed/ }).waitFor();
    const { items } = await freshet.api.call('listSourceTables', { params: { id: sourceId } });
    expect(items.map(({ stream }) => stream)).toEqual(
      expect.arrayContaining(['traffic', 'acquisition', 'pages', 'events', 'devices', 'locations']),
    );
    expect(items.filter(({ rowCount }) => rowCount === 0)).toEqual([]);
    expect(google.daysAsked(0).toSorted()[0]).toBe(daysAgo(7));
  });

  it('is offered an overview, and has a dashboard with the property’s numbers one click later', async () => {
    await page.getByRole('link', { name: 'Add GA overview' }).click();
    await analyst.button('Add').click();
    await analyst.idAt(/dashboards\/(\d+)$/);
    dashboardUrl = page.url();
    await waitFor(async () => (await sessionsShown()).length > 0, {
      timeout: 30_000,
      what: 'the chart to have days',
    });
    shown = sessionsThere((await sessionsShown())[0]?.split(' ')[0] ?? '');
    expect(await sessionsShown()).toEqual(shown);
    expect(await page.getByTestId('provisional').first().innerText()).toMatch(/provisional/);
  });

  it('sees the chart change by itself when the vendor has restated its last days', async () => {
    await mark(page);
    google.analytics.restate();
    const restated = sessionsThere(shown[0]?.split(' ')[0] ?? '');
    expect(restated).not.toEqual(shown);
    rereadFrom = daysAgo(lookbackDays);
    const run = await workspace.sync(sourceId);
    expect(run.status).toBe('completed');
    await untilShown(restated);
    expect(await isMarked(page)).toBe(true);
  });

  it('reads in a sentence what to do once the access was taken away', async () => {
    google.identity.revoke(google.account);
    await page.goto(`/p/${freshet.projectId}/sources/${sourceId}`);
    await analyst.button('Sync now').click();
    const notice = page.getByRole('alert').filter({ hasText: 'Nothing is lost' });
    await notice.waitFor();
    await page.getByText('needs reconnecting').first().waitFor();
    expect(await notice.getByRole('button').allInnerTexts()).toEqual(['Reconnect']);
  });

  it('reconnects, and the next sync goes on from its checkpoint: only the days that may be restated are read again', async () => {
    const before = google.analytics.requests.length;
    await analyst.button('Reconnect').click();
    await allow();
    await page.waitForURL(({ pathname }) => pathname.includes(`/sources/${sourceId}`));
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByText('needs reconnecting').count()).toBe(0);
    await analyst.button('Sync now').click();
    await waitFor(
      async () => {
        const { items } = await freshet.api.call('listSourceRuns', { params: { id: sourceId } });
        return items[0]?.status === 'completed' && items[1]?.status === 'failed';
      },
      { timeout: 30_000, what: 'the sync after reconnecting to complete' },
    );
    const days = google.daysAsked(before);
    expect(days.length).toBeGreaterThan(0);
    expect(days.filter((day) => day < rereadFrom)).toEqual([]);
    await page.goto(dashboardUrl);
    await untilShown(sessionsThere(shown[0]?.split(' ')[0] ?? ''));
  });

  it('met no error on the way', () => {
    expect(visitor.errors).toEqual([]);
    // Nobody but the person’s own click led to another host: the consent page.
    expect(visitor.strangers.filter((address) => !address.startsWith(google.identity.url))).toEqual([]);
  });
});
