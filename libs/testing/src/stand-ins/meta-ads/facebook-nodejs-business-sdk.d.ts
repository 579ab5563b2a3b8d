/** The parts of Meta's client library that the stand-in is tested with; the library has no declarations of its own. */
declare module 'facebook-nodejs-business-sdk' {
  type Parameters = Record<string, unknown>;

  export class FacebookAdsApi {
    static readonly GRAPH: string;
    static init(accessToken: string, locale?: string, crashLog?: boolean): FacebookAdsApi;
  }

  class Node {
    constructor(id: string, data?: Parameters, parentId?: string, api?: FacebookAdsApi);
    exportAllData(): Record<string, unknown>;
    read(fields: string[]): Promise<this>;
  }

  interface Cursor extends Array<Node> {
    paging?: { cursors?: { before: string; after: string }; next?: string };
    headers?: Record<string, string>;
    hasNext(): boolean;
    next(): Promise<Cursor>;
  }

  export class User extends Node {
    getAdAccounts(fields: string[], parameters?: Parameters): Promise<Cursor>;
  }

  export class AdReportRun extends Node {
    id: string;
    getInsights(fields: string[], parameters?: Parameters): Promise<Cursor>;
  }

  export class AdAccount extends Node {
    getCampaigns(fields: string[], parameters?: Parameters): Promise<Cursor>;
    getAds(fields: string[], parameters?: Parameters): Promise<Cursor>;
    getInsights(fields: string[], parameters?: Parameters): Promise<Cursor>;
    getInsightsAsync(fields: string[], parameters?: Parameters): Promise<AdReportRun>;
  }
}
