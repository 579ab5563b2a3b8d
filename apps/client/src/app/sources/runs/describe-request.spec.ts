import { describeRequest } from './describe-request';

describe('what a run was asked for', () => {
  it.each([
    [{}, null],
    [{ window: { from: '2026-11-01', to: '2026-11-10' } }, 'Nov 1 – 10, 2026'],
    [{ full: true }, 'everything'],
    [{ replay: true }, 'from the archive'],
    [{ hooks: true }, 'from the webhook'],
    [{ full: true, streams: ['traffic', 'pages'] }, 'everything, only traffic, pages'],
  ])('%j: %s', (request, words) =>
    expect(describeRequest(request)?.replaceAll(/\s/g, ' ') ?? null).toBe(words),
  );
});
