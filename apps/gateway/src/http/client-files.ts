/** Serves the built client: its files, and `index.html` for every page it routes itself. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler } from 'express';

/** What is not the client's: answered by the API or not at all. */
const notAPage = /^\/(api|health|metrics|admin|socket\.io)(\/|$)/;

/** Files that carry a hash of their content in their name, as Angular's build writes them, never change. */
const hashed = /[.-][A-Z0-9]{8,}\.(js|css|woff2?|svg|png|json|map)$/;

const year = 365 * 24 * 3_600;

/** Middlewares that serve the folder; none when there is no build there, as in development. */
export function clientFiles(folder: string): RequestHandler[] {
  const root = [path.join(folder, 'browser'), folder].find((each) =>
    existsSync(path.join(each, 'index.html')),
  );
  if (!root) return [];
  const files = express.static(root, {
    index: false,
    redirect: false,
    setHeaders: (response, file) =>
      response.setHeader(
        'Cache-Control',
        hashed.test(file) ? `public, max-age=${year}, immutable` : 'no-cache',
      ),
  });
  const page: RequestHandler = (request, response, next) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !notAPage.test(request.path) &&
      !path.extname(request.path);
    if (!isPage) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root });
  };
  return [
    (request, response, next) => (notAPage.test(request.path) ? next() : files(request, response, next)),
    page,
  ];
}
