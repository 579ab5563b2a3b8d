/** What the vendor was asked for, and what of it more than once. */
import type { GoogleAnalytics } from '@freshet/testing';

interface Report {
  dimensions: { name: string }[];
  dateRanges: { startDate: string; endDate: string }[];
  offset?: string;
}

export interface Asked {
  /** Reports that were given. */
  given: number;
  /** Refused since a quota was used up. */
  refused: number;
  /** Pages of a report that were given again. */
  again: number;
}

export const countAsked = ({ requests }: GoogleAnalytics): Asked => {
  const reports = requests.filter(({ path }) => path.endsWith(':runReport'));
  const given = reports.filter(({ status }) => status === 200);
  const pages = new Set(
    given.map(({ path, body }) => {
      const { dimensions, dateRanges, offset } = JSON.parse(body) as Report;
      return JSON.stringify([path, dimensions, dateRanges, offset]);
    }),
  );
  return {
    given: given.length,
    refused: reports.filter(({ status }) => status === 429).length,
    again: given.length - pages.size,
  };
};
