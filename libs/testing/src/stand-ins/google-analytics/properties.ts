/** The sandbox's Analytics accounts and properties. */
import { sandboxAccounts } from '../google-identity';

export interface AnalyticsProperty {
  /** Digits. */
  id: string;
  name: string;
  account: { id: string; name: string };
  /** IANA name; its days are days in this zone. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
  /** Sessions of a mean day; 0 for a site that nobody visits. */
  sessionsPerDay: number;
  /** Where most of its visitors are, as `country` says it. */
  home: string;
  /** `telemetry` counts more events than a double holds exactly. */
  kind: 'shop' | 'telemetry';
  /** Emails of those who may see it. */
  viewers: readonly string[];
}

const { marketing, agency } = sandboxAccounts;
const shop = { id: '31847205', name: 'Harbor & Pine (Sandbox)' };
const devices = { id: '40921736', name: 'Tideline Sensors (Sandbox)' };

export const sandboxProperties = {
  store: {
    id: '412908371',
    name: 'Harbor & Pine – US store (Sandbox)',
    account: shop,
    timeZone: 'America/New_York',
    home: 'United States',
    currency: 'USD',
    sessionsPerDay: 2_400,
    kind: 'shop',
    viewers: [marketing.email],
  },
  europe: {
    id: '412908504',
    name: 'Harbor & Pine – Europe (Sandbox)',
    account: shop,
    timeZone: 'Europe/Berlin',
    home: 'Germany',
    currency: 'EUR',
    sessionsPerDay: 900,
    kind: 'shop',
    viewers: [marketing.email, agency.email],
  },
  telemetry: {
    id: '398120466',
    name: 'Tideline app (Sandbox)',
    account: devices,
    timeZone: 'Asia/Kolkata',
    home: 'India',
    currency: 'INR',
    sessionsPerDay: 350,
    kind: 'telemetry',
    viewers: [marketing.email],
  },
  empty: {
    id: '455000012',
    name: 'Launching soon (Sandbox)',
    account: devices,
    timeZone: 'UTC',
    home: 'United States',
    currency: 'USD',
    sessionsPerDay: 0,
    kind: 'shop',
    viewers: [marketing.email],
  },
} as const satisfies Record<string, AnalyticsProperty>;

export const defaultProperties: readonly AnalyticsProperty[] = Object.values(sandboxProperties);

/** So many small shops of one agency, for tests of quotas and fairness. */
export const manyProperties = (count: number, sessionsPerDay = 300): AnalyticsProperty[] =>
  Array.from({ length: count }, (_, place) => ({
    ...sandboxProperties.europe,
    id: String(500_000_000 + place),
    name: `Shop ${place + 1} (Sandbox)`,
    account: { id: '52000001', name: 'Many shops (Sandbox)' },
    sessionsPerDay,
  }));
