/** What an analyst does on Freshet's pages, found as a person finds it: by role and label. */
import type { ChartType } from '@freshet/contracts';
import type { Locator, Page } from 'playwright-core';

export interface Person {
  email: string;
  password: string;
}

/** As the dialog of a chart calls the kinds this story uses. */
const kinds = { kpi: 'Figure', line: 'Line', bar: 'Bars', table: 'Table' } satisfies Partial<
  Record<ChartType, string>
>;

export class Analyst {
  constructor(readonly page: Page) {}

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  sees(heading: string): Promise<void> {
    return this.page.getByRole('heading', { name: heading }).waitFor();
  }

  async signIn({ email, password }: Person): Promise<void> {
    await this.field('E-mail').fill(email);
    await this.field('Password').fill(password);
    await this.button('Sign in').click();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: /^Account/ }).click();
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click();
  }

  /** To a page of the project, by the navigation. */
  async goTo(name: 'Sources' | 'Models' | 'Dashboards'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** Waits until the address is like this, and gives the id in its parentheses. */
  async idAt(pattern: RegExp): Promise<string> {
    await this.page.waitForURL(({ pathname }) => pattern.test(pathname));
    return pattern.exec(new URL(this.page.url()).pathname)?.[1] ?? '';
  }

  async choose(field: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: field }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
    // A choice of several stays open.
    if (await this.page.getByRole('listbox').isVisible()) await this.page.keyboard.press('Escape');
  }

  async write(editor: string, sql: string): Promise<void> {
    await this.field(editor).fill(sql);
  }

  async addChart(type: keyof typeof kinds, title: string, sql: string): Promise<void> {
    await this.button('Add chart').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill(title);
    await dialog.getByText(kinds[type], { exact: true }).click();
    await this.write('Query of the chart', sql);
    await dialog.getByRole('button', { name: 'Run' }).click();
    await dialog.locator('fr-chart-view').waitFor();
    await dialog.getByRole('button', { name: 'Add chart' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
