/** Chromium as this machine has it, and what its pages are watched for: errors, refusals, and requests that leave Freshet. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const mayRun = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The program on PATH or in /usr/bin; null when there is none. */
export const findChromium = (): string | null => {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  const files = programs.flatMap((program) => folders.map((folder) => path.join(folder, program)));
  return files.find(mayRun) ?? null;
};

/** With an empty profile, and quiet towards the world. */
export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

/** One person at one browser, with cookies of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What pages wrote to the console as errors, and exceptions nobody caught. */
  readonly errors: readonly string[];
  /** `GET /api/… 404`: requests that the server refused. Chromium also logs them; they are told here only. */
  readonly refusals: readonly string[];
  /** Addresses on any other host that a page asked for. */
  readonly strangers: readonly string[];
}

export interface UsedBrowser {
  /** Opens a browser of a new person at Freshet's address. */
  visit(url: string): Promise<Visitor>;
}

/** Call at the top of a spec file: starts before its first test, with an empty profile, and ends after its last. */
export const useBrowser = (executablePath: string | null): UsedBrowser => {
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (executablePath === null) return;
    browser = await launchBrowser(executablePath);
  }, 60_000);
  afterAll(() => browser?.close(), 30_000);

  return {
    visit: async (url) => {
      if (!browser) throw new Error('The browser is started in beforeAll: use it in tests.');
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width: 1_440, height: 900 },
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(30_000);
      return { context, ...watch(context, new URL(url).host), page: await context.newPage() };
    },
  };
};

const loggedRefusal = /^Failed to load resource: the server responded with a status of \d{3}/;

const watch = (context: BrowserContext, host: string): Pick<Visitor, 'errors' | 'refusals' | 'strangers'> => {
  const errors: string[] = [];
  const refusals: string[] = [];
  const strangers: string[] = [];
  const meet = (address: string): void => {
    const { protocol, host: asked } = new URL(address);
    if (!['data:', 'blob:'].includes(protocol) && asked !== host) strangers.push(address);
  };
  context.on('console', (message) => {
    if (message.type() === 'error' && !loggedRefusal.test(message.text())) errors.push(message.text());
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('request', (request) => meet(request.url()));
  context.on('page', (page) => page.on('websocket', (socket) => meet(socket.url())));
  context.on('response', (response) => {
    if (response.status() < 400) return;
    refusals.push(`${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`);
  });
  return { errors, refusals, strangers };
};
