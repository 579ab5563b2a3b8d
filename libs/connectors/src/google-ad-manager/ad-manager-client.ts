/** Ad Manager's networks and report jobs through its client library, one method a request. Answers that belong to another request are refused. */
import { FreshetError } from '@freshet/contracts';
import type { NetworkServiceClient, protos, ReportServiceClient } from '@google-ads/admanager';
import type { ConnectorContext } from '../kit/context';
import { adManagerLibrary } from './ad-manager-library';
import { googleAuth, type CurrentAttempt } from './google-fetch';

type V1 = typeof protos.google.ads.admanager.v1;
export type ReportDefinition = InstanceType<V1['ReportDefinition']>;
type ReportValue = protos.google.ads.admanager.v1.IReportValue;
type Row = protos.google.ads.admanager.v1.ReportDataTable.IRow;

export interface Network {
  code: string;
  name: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
}

export interface ReportWish {
  displayName: string;
  /** Names of enum values, as the library takes them. */
  dimensions: readonly string[];
  metrics: readonly string[];
  /** `YYYY-MM-DD`, both inclusive. */
  from: string;
  to: string;
  currency: string;
}

/** A run of a report: under way, or ended with a result to fetch or an error (google.rpc.Code). */
export interface ReportRun {
  name: string;
  result: string | null;
  error: { code: number; message: string } | null;
}

export interface RowsPage {
  /** Values in the order of the dimensions, then of the metrics, as exact text. */
  rows: (string | null)[][];
  /** Known on the first page only. */
  totalRows: number | null;
  nextPageToken: string | null;
}

const defaultUrl = 'https://admanager.googleapis.com';
const pageSize = 10_000;

const foreign = (what: string): FreshetError =>
  new FreshetError('source_changed', `Google Ad Manager answered ${what} with something else.`, {
    action: 'Nothing to do: it is asked again.',
  });

const dateParts = (date: string): { year: number; month: number; day: number } => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day };
};

/** Numbers become the text that JSON had for them; the value is missing where there is none, such as a rate of nothing. */
const textOf = (value: ReportValue): string | null => {
  const { intValue, doubleValue, stringValue, boolValue } = value;
  const found = intValue ?? doubleValue ?? stringValue ?? boolValue;
  return found === null || found === undefined ? null : String(found);
};

const networkOf = (network: protos.google.ads.admanager.v1.INetwork): Network => ({
  code: network.networkCode ?? '',
  name: network.displayName || `Network ${network.networkCode ?? ''}`,
  timeZone: network.timeZone ?? '',
  currency: network.currencyCode ?? '',
});

export class AdManagerClient {
  private current: CurrentAttempt | null = null;
  private readonly reports: ReportServiceClient;
  private readonly networks: NetworkServiceClient;

  constructor(private readonly context: ConnectorContext) {
    const { protocol, hostname, port } = new URL(context.settings.baseUrl ?? defaultUrl);
    const attempt = (): CurrentAttempt => this.current ?? { accessToken: '', signal: context.signal };
    const options = {
      fallback: true,
      apiEndpoint: hostname,
      port: Number(port) || (protocol === 'http:' ? 80 : 443),
      protocol: protocol.replace(':', ''),
      authClient: googleAuth(attempt),
      // The library has its types from a copy of google-auth-library of its own.
    } as unknown as ConstructorParameters<typeof ReportServiceClient>[0];
    const library = adManagerLibrary();
    this.reports = new library.ReportServiceClient({ ...options });
    this.networks = new library.NetworkServiceClient({ ...options });
  }

  /** Calls are made one after the other, so that the token and the time limit are those of the call under way. */
  private call<T>(operation: () => Promise<T>): Promise<T> {
    return this.context.call(async ({ accessToken, signal }) => {
      this.current = { accessToken, signal };
      return operation();
    });
  }

  /** Those that the account may see, all of them. */
  listNetworks(): Promise<Network[]> {
    return this.call(async () => {
      const [networks] = await this.networks.listNetworks({});
      return networks.map(networkOf);
    });
  }

  getNetwork(code: string): Promise<Network> {
    return this.call(async () => {
      const [network] = await this.networks.getNetwork({ name: `networks/${code}` });
      if (network.networkCode !== code) throw foreign('our question about the network');
      return networkOf(network);
    });
  }

  /** Gives the name of a report that does not appear in the publisher's own list. */
  createReport(code: string, wish: ReportWish): Promise<string> {
    return this.call(async () => {
      const fixed = { startDate: dateParts(wish.from), endDate: dateParts(wish.to) };
      const reportDefinition = {
        dimensions: [...wish.dimensions],
        metrics: [...wish.metrics],
        reportType: 'HISTORICAL',
        timeZoneSource: 'PUBLISHER',
        currencyCode: wish.currency,
        dateRange: { fixed },
        // Enum values by name, which the library takes although its types do not say so.
      } as unknown as ReportDefinition;
      const report = { displayName: wish.displayName, visibility: 'HIDDEN', reportDefinition } as const;
      const [{ name }] = await this.reports.createReport({ parent: `networks/${code}`, report });
      if (!name || !new RegExp(`^networks/${code}/reports/\\d+$`).test(name)) throw foreign('a new report');
      return name;
    });
  }

  runReport(report: string): Promise<ReportRun> {
    return this.call(async () => {
      const [{ name = '' }] = await this.reports.runReport({ name: report });
      if (!/^networks\/\d+\/operations\//.test(name)) throw foreign('the start of a report');
      return { name, result: null, error: null };
    });
  }

  checkRun(name: string): Promise<ReportRun> {
    return this.call(async () => {
      const operation = await this.reports.checkRunReportProgress(name);
      if (operation.name !== name) throw foreign('our question about a report');
      if (!operation.done) return { name, result: null, error: null };
      const { error, result } = operation;
      if (error)
        return { name, result: null, error: { code: Number(error.code ?? 2), message: error.message } };
      const { reportResult } = result as unknown as { reportResult?: string };
      if (!reportResult) throw foreign('the end of a report');
      return { name, result: reportResult, error: null };
    });
  }

  /** @param pageToken '' for the first page */
  fetchRows(result: string, wish: ReportWish, pageToken: string): Promise<RowsPage> {
    return this.call(async () => {
      const asked = { name: result, pageSize, pageToken };
      const answer = (await this.reports.fetchReportResultRows(asked, { autoPaginate: false }))[2];
      const isFirst = pageToken === '';
      const ranges = answer.dateRanges ?? [];
      // Only the first page has the dates, and a next page never has the token that it was asked by.
      if (isFirst ? !isRange(ranges[0], wish) : ranges.length > 0 || answer.nextPageToken === pageToken)
        throw foreign('a page of a report');
      return {
        rows: (answer.rows ?? []).map((row) => valuesOf(row, wish)),
        totalRows: isFirst ? Number(answer.totalRowCount ?? 0) : null,
        nextPageToken: answer.nextPageToken || null,
      };
    });
  }
}

const isRange = (
  range: protos.google.ads.admanager.v1.ReportDefinition.DateRange.IFixedDateRange | undefined,
  { from, to }: ReportWish,
): boolean => {
  const text = (date: protos.google.type.IDate | null | undefined): string =>
    JSON.stringify([date?.year, date?.month, date?.day]);
  const [first, last] = [dateParts(from), dateParts(to)];
  return text(range?.startDate) === text(first) && text(range?.endDate) === text(last);
};

/** Values are told by their place alone, so that one too few would move all others. */
const valuesOf = ({ dimensionValues, metricValueGroups }: Row, wish: ReportWish): (string | null)[] => {
  const [names, measures] = [dimensionValues ?? [], metricValueGroups?.[0]?.primaryValues ?? []];
  if (names.length !== wish.dimensions.length || measures.length !== wish.metrics.length) {
    throw new FreshetError(
      'source_unreadable',
      `Google Ad Manager sent a row of ${names.length} + ${measures.length} values where ${wish.dimensions.length} + ${wish.metrics.length} were asked for.`,
      { action: 'Try again later; if it goes on, tell us, with the time of this run.' },
    );
  }
  return [...names, ...measures].map(textOf);
};
