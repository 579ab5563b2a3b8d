/** Whether the client library understands the sandbox as it understands the vendor, with all that it overlooks. */
import { createRequire } from 'node:module';
import { sandboxCustomers } from './customers';
import { startGoogleAds, type GoogleAds } from './google-ads';

interface Customer {
  query(query: string, options?: Record<string, unknown>): Promise<Record<string, Record<string, unknown>>[]>;
  reportCount(options: Record<string, unknown>): Promise<number>;
  getAccessToken(): Promise<string>;
}
interface Library {
  GoogleAdsApi: new (options: Record<string, unknown>) => {
    Customer(options: Record<string, string>): Customer;
  };
  enums: { Device: Record<string, number> };
}
interface Request {
  url?: string;
}
interface Axios {
  interceptors: { request: { use(change: (request: Request) => Request): void } };
}

const here = createRequire(import.meta.url);
const { GoogleAdsApi, enums } = here('google-ads-api') as Library;
const axios = createRequire(here.resolve('google-ads-api'))('axios') as Axios;

const query = `SELECT campaign.id, segments.device, metrics.cost_micros FROM campaign WHERE segments.date = '2026-03-01'`;

describe('the client library at the Google Ads sandbox', () => {
  let ads: GoogleAds;
  let customer: Customer;

  beforeAll(async () => {
    ads = await startGoogleAds({ now: () => new Date('2026-03-15T18:00:00Z'), pageSize: 10 });
    axios.interceptors.request.use((request) => ({
      ...request,
      url: request.url?.replace('https://googleads.googleapis.com', ads.url),
    }));
    const client = new GoogleAdsApi({
      client_id: '',
      client_secret: '',
      developer_token: ads.developerToken,
    });
    customer = client.Customer({
      customer_id: sandboxCustomers.us.id,
      login_customer_id: sandboxCustomers.manager.id,
      refresh_token: '',
    });
    customer.getAccessToken = () => Promise.resolve('sandbox-access-token');
  });
  afterAll(() => ads.close());

  it('reads a stream, with enums and numbers decoded', async () => {
    const rows = await customer.query(query);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows[0]).toMatchObject({
      campaign: { id: expect.any(Number) as number },
      segments: { device: enums.Device['MOBILE'] },
      metrics: { cost_micros: expect.any(Number) as number },
    });
  });

  it('goes from page to page, and counts', async () => {
    const settings = { search_settings: { return_total_results_count: true } };
    const rows = await customer.query(query, settings);
    expect(rows).toEqual(await customer.query(query));
    const count = await customer.reportCount({
      entity: 'campaign',
      attributes: ['campaign.id'],
      segments: ['segments.device'],
      metrics: ['metrics.cost_micros'],
      constraints: [`segments.date = '2026-03-01'`],
    });
    expect(count).toBe(rows.length);
  });

  it.each([{}, { search_settings: { return_total_results_count: true } }])(
    'gives the vendor’s failure for a refusal (%j), which is no Error',
    async (options) => {
      const failure: unknown = await customer
        .query('SELECT campaign.start_date FROM campaign', options)
        .catch((error: unknown) => error);
      expect(failure).not.toBeInstanceOf(Error);
      expect(failure).toMatchObject({
        errors: [{ message: expect.stringContaining("'campaign.start_date'") as string }],
        request_id: expect.any(String) as string,
      });
    },
  );

  it('overlooks an error after part of a stream, and a page that is cut off', async () => {
    const whole = await customer.query(query);
    ads.controls.nextSearch('partial error');
    const part = await customer.query(query);
    expect(part.length).toBeGreaterThan(0);
    expect(part.length).toBeLessThan(whole.length);
    ads.controls.nextSearch('cut JSON');
    const settings = { search_settings: { return_total_results_count: true } };
    expect(await customer.query(query, settings)).toEqual([]);
  });
});
