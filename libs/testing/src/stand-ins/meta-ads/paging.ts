/** Pages of the Graph API: cursors, and the whole address of the next page, token included. */
import type { VendorAnswer, VendorRequest } from '../stand-in';
import { invalid, limitOf, type Parameters } from './parameters';

export interface Pages {
  /** One page of the rows, as asked for by `limit` and `after`. */
  answer(rows: readonly unknown[], request: VendorRequest, parameters: Parameters, url: string): VendorAnswer;
  /** Cursors handed out so far are not taken any more. */
  expire(): void;
}

export const pages = (): Pages => {
  let generation = 0;
  const write = (place: number): string =>
    Buffer.from(JSON.stringify([place, generation])).toString('base64url');
  const read = (cursor: string): number => {
    try {
      const [place, era] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, number];
      if (era === generation) return place;
    } catch {
      // Told below.
    }
    throw invalid('The after cursor specified is not valid, or it has expired');
  };
  return {
    expire: () => void (generation += 1),
    answer(rows, request, parameters, url) {
      const limit = limitOf(parameters);
      const after = parameters.get('after');
      const start = typeof after === 'string' && after !== '' ? read(after) : 0;
      const end = Math.min(rows.length, start + limit);
      const query = new URLSearchParams(request.query);
      query.set('after', write(end));
      const next = `${url}${request.path}?${query.toString()}`;
      const data = rows.slice(start, end);
      const paging = {
        cursors: { before: write(start), after: write(end) },
        ...(end < rows.length && { next }),
      };
      return { status: 200, body: { data, ...(data.length > 0 && { paging }) } };
    },
  };
};
