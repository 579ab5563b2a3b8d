/**
 * The analyst's story, told in a browser against the built services: from a file to a dashboard that changes by itself, and
 * what somebody of another organization sees of it.
 */
import { waitFor } from '@freshet/testing';
import type { Page } from 'playwright-core';
import { Analyst } from './src/harness/analyst';
import { findChromium, useBrowser, type Visitor } from './src/harness/browser';
import { chartsAt, isMarked, mark, rememberProgress, shownProgress } from './src/harness/in-page';
import { ordersFile } from './src/harness/orders-file';
import { createOrganization, Ear } from './src/harness/outsider';
import { useFreshet } from './src/harness/use-freshet';
import { whilePaused } from './src/harness/while-paused';
import { Workspace } from './src/harness/workspace';

const chromium = findChromium();
const [story, title] = chromium
  ? [describe, 'an analyst in the browser']
  : [describe.skip, 'an analyst in the browser (skipped: no Chromium or Chrome on PATH or in /usr/bin)'];

story(title, () => {
  const browser = useBrowser(chromium);
  const freshet = useFreshet();
  const workspace = new Workspace(freshet);
  const rows = 200_000;
  const orders = ordersFile.make(rows);
  const amountOf = (country: string): string =>
    ordersFile.total(orders.filter((order) => order.country === country));

  let visitor: Visitor;
  let analyst: Analyst;
  let page: Page;
  let sourceId: string;
  let modelId: string;
  let dashboardId: string;
  let foreignProject: string;
  let ear: Ear;

  const publish = (): string => freshet.files.serve('/orders.csv', ordersFile.write(orders));
  const inProject = (rest: string, projectId = freshet.projectId): string => `/p/${projectId}/${rest}`;

  beforeAll(async () => {
    visitor = await browser.visit(freshet.url);
    page = visitor.page;
    analyst = new Analyst(page);
  }, 60_000);
  afterAll(() => ear?.close());

  it('is told in a sentence that the password is wrong', async () => {
    const { page: entrance, refusals, errors } = await browser.visit(freshet.url);
    await entrance.goto('/');
    await new Analyst(entrance).signIn({ ...freshet.owner, password: 'not this one' });
    const alert = entrance.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toBe('The e-mail address or the password is wrong.');
    expect(new URL(entrance.url()).pathname).toBe('/sign-in');
    expect(refusals).toEqual(['GET /api/auth/me 401', 'POST /api/auth/sign-in 401']);
    expect(errors).toEqual([]);
  });

  it('signs in, and the only workspace opens: still empty, and live', async () => {
    await page.goto('/');
    await analyst.signIn(freshet.owner);
    await analyst.sees('Connect your first source');
    expect(new URL(page.url()).pathname).toBe(inProject('sources'));
    await page.getByRole('status', { name: 'Connection' }).getByText('live', { exact: true }).waitFor();
  });

  it('tests a file step by step and sees its rows before anything is created', async () => {
    await page.getByRole('link', { name: 'Add source' }).click();
    await page.getByRole('link', { name: /^File/ }).click();
    await analyst.field('URL of the file').fill(publish());
    await analyst.button('Test connection').click();
    const sample = page.getByRole('region', { name: 'Sample rows of orders' });
    await sample.waitFor();
    const steps = await page.locator('fr-connection-check').getByRole('listitem').allInnerTexts();
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.map((step) => step.split('\n')[0])).toEqual(steps.map(() => expect.stringMatching(/: ok$/)));
    const headings = await sample.getByRole('columnheader').allInnerTexts();
    expect(headings.map((heading) => heading.match(/^[a-z]+/)?.[0]).join()).toBe('id,day,country,amount');
    const [first] = await sample.locator('tbody').getByRole('row').allInnerTexts();
    expect(first?.split('\t')).toEqual(['1', '2026-01-01', 'AT', '1.00']);
    const { items } = await freshet.api.call('listSources', { params: { projectId: freshet.projectId } });
    expect(items).toEqual([]);
  });

  it('creates it and watches the first sync: the bar and the rows move, and the history has its run', async () => {
    await analyst.field('Name').fill('Shop');
    await analyst.choose('Key columns', 'id');
    expect(await analyst.field('Name in SQL').inputValue()).toBe('shop');
    await rememberProgress(page);
    // So that the page which shows the sync is there before there is anything to show.
    await whilePaused(freshet.services.sync, async () => {
      await analyst.button('Add source and sync').click();
      sourceId = await analyst.idAt(/sources\/(\d+)\/runs$/);
      await page.getByRole('region', { name: 'The sync under way' }).waitFor();
    });
    const run = page.getByRole('row', { name: /^completed/ });
    await run.waitFor();
    const [, , by, inserted] = await run.getByRole('cell').allInnerTexts();
    expect([by, inserted]).toEqual(['a person', '200,000']);
    await page.getByRole('region', { name: 'The sync under way' }).waitFor({ state: 'detached' });

    const shown = await shownProgress(page);
    for (const values of [shown.shares, shown.rows]) {
      expect(values.length).toBeGreaterThan(2);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(Math.max(...shown.rows)).toBeLessThanOrEqual(rows);
  });

  it('writes a model with a preview, saves it and sees it published', async () => {
    await analyst.goTo('Models');
    await page.getByRole('link', { name: 'Build a model' }).click();
    await analyst.field('Name').fill('revenue_by_day');
    await analyst.write(
      'Query of the model',
      'SELECT day, country, sum(amount) AS revenue, count(*) AS orders FROM shop.orders GROUP BY day, country',
    );
    await analyst.button('Preview').click();
    const preview = page.getByRole('region', { name: 'Preview', exact: true });
    await preview.waitFor();
    expect(await preview.getByRole('columnheader').allInnerTexts()).toEqual(
      ['day', 'country', 'revenue', 'orders'].map((name) => expect.stringContaining(name)),
    );
    expect(await page.getByRole('list', { name: 'Reads' }).innerText()).toBe('shop.orders');
    await analyst.button('Create model').click();
    modelId = await analyst.idAt(/models\/(\d+)$/);
    await page.getByTestId('refresh').getByText('published', { exact: true }).waitFor();
    await page.getByRole('status').getByText('v1', { exact: true }).waitFor();
  });

  it('puts a line, bars, a figure and a table on a dashboard', async () => {
    await analyst.goTo('Dashboards');
    await page.getByRole('link', { name: 'Create a dashboard' }).click();
    await analyst.field('Name').fill('Revenue');
    const by = (column: string): string =>
      `SELECT ${column}, sum(revenue) AS revenue FROM revenue_by_day GROUP BY 1 ORDER BY 1`;
    await analyst.addChart('kpi', 'Total', 'SELECT sum(revenue) AS revenue FROM revenue_by_day');
    await analyst.addChart('line', 'By day', by('day'));
    await analyst.addChart('bar', 'By country', by('country'));
    await analyst.addChart('table', 'Countries', by('country'));
    await analyst.button('Save dashboard').click();
    dashboardId = await analyst.idAt(/dashboards\/(\d+)$/);

    const charts = await chartsAt(page, { [modelId]: 1 });
    expect(charts.map(({ type }) => type).toSorted()).toEqual(['bar', 'kpi', 'line', 'table']);
    const value = page.getByTestId('kpi-value');
    expect(await value.getAttribute('data-value')).toBe(ordersFile.total(orders));
    expect((await value.innerText()).replaceAll(',', '')).toBe(ordersFile.total(orders));
  });

  it('is alone with all that: another organization finds nothing, whatever address it tries', async () => {
    const outsider = await createOrganization(freshet.postgres, 'globex');
    const other = await browser.visit(freshet.url);
    const stranger = new Analyst(other.page);
    await other.page.goto('/');
    await stranger.signIn(outsider);
    await stranger.sees('No workspace yet');
    const answer = await other.context.request.post('/api/projects', { data: { name: 'Elsewhere' } });
    foreignProject = ((await answer.json()) as { id: string }).id;
    await other.page.goto('/');
    await stranger.sees('Connect your first source');
    await stranger.goTo('Models');
    await stranger.sees('No model yet');
    await stranger.goTo('Dashboards');
    await stranger.sees('No dashboard yet');

    for (const place of [`sources/${sourceId}`, `models/${modelId}`, `dashboards/${dashboardId}`]) {
      await other.page.goto(inProject(place, foreignProject));
      await other.page.getByText(/no such source|does not exist, or not in this organization/).waitFor();
      expect(await other.page.getByRole('main').innerText()).not.toMatch(/shop|revenue/i);
      // In a project that is not theirs they are led home.
      await other.page.goto(inProject(place));
      await other.page.waitForURL(({ pathname }) => pathname === inProject('sources', foreignProject));
      await stranger.sees('Connect your first source');
    }

    ear = await Ear.of(other.context, freshet.url);
    expect(await ear.subscribe(freshet.projectId)).toMatchObject({ error: { code: 'not_found' } });
    expect(await ear.subscribe(foreignProject)).toEqual({ seq: expect.any(Number) });
    expect([other.errors, other.strangers]).toEqual([[], []]);
  });

  it('sees every open page change by itself when the file has changed, without a reload', async () => {
    const [modelPage, sourcePage] = [await visitor.context.newPage(), await visitor.context.newPage()];
    await modelPage.goto(inProject(`models/${modelId}`));
    await sourcePage.goto(inProject(`sources/${sourceId}/runs`));
    const refreshes = modelPage.getByTestId('refresh');
    const runs = sourcePage.getByRole('row', { name: /^completed/ });
    await Promise.all([refreshes.first().waitFor(), runs.first().waitFor()]);
    expect([await refreshes.count(), await runs.count()]).toEqual([1, 1]);
    await Promise.all([page, modelPage, sourcePage].map(mark));
    const before = await chartsAt(page, { [modelId]: 1 });

    const order = orders[0];
    if (!order) throw new Error('There are orders.');
    // Large enough to move the axes.
    order.amount = '25000000.00';
    publish();
    const run = await workspace.sync(sourceId);
    expect(run.records).toMatchObject({ updated: 1, unchanged: rows - 1 });

    await page.locator(`[data-testid=kpi-value][data-value="${ordersFile.total(orders)}"]`).waitFor();
    const after = await chartsAt(page, { [modelId]: 2 }, before);
    expect(after.map(({ type }) => type)).toEqual(before.map(({ type }) => type));
    const countries = after.find(({ type }) => type === 'table')?.values.replaceAll(',', '');
    expect(countries).toContain(`AT | ${amountOf('AT')}`);

    await runs.nth(1).waitFor();
    await refreshes.nth(1).getByText('published', { exact: true }).waitFor();
    await refreshes.first().getByText('published', { exact: true }).waitFor();
    expect(await refreshes.first().innerText()).toMatch(/shop\.orders went 1 → 2/);
    await modelPage.getByRole('status').getByText('v2', { exact: true }).waitFor();
    expect(await Promise.all([page, modelPage, sourcePage].map(isMarked))).toEqual([true, true, true]);
  });

  it('was not overheard: the other organization hears of its own project only', async () => {
    const heard = (): string[] => ear.events.map(({ projectId }) => projectId);
    await waitFor(() => heard().includes(foreignProject), { what: 'the heartbeat of its own project' });
    expect(heard()).not.toContain(freshet.projectId);
  });

  it('met no error, and no page asked another host for anything', () => {
    expect(visitor.errors).toEqual([]);
    expect(visitor.strangers).toEqual([]);
    // The one question before signing in: who am I?
    expect(visitor.refusals).toEqual(['GET /api/auth/me 401']);
  });

  it('signs out, and no page opens any more before signing in again', async () => {
    await page.bringToFront();
    await analyst.signOut();
    await analyst.sees('Sign in');
    await page.goBack();
    await analyst.sees('Sign in');
    await page.goto(inProject(`dashboards/${dashboardId}`));
    await analyst.sees('Sign in');
    expect(await page.locator('body').innerText()).not.toMatch(/revenue/i);
    await analyst.signIn(freshet.owner);
    await page.getByTestId('kpi-value').waitFor();
    expect(new URL(page.url()).pathname).toBe(inProject(`dashboards/${dashboardId}`));
  });
});
