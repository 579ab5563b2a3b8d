/** The networks of the sandbox, their ad units, and who may see them. */
import { sandboxAccounts } from '../google-identity';

export interface SandboxNetwork {
  code: string;
  displayName: string;
  /** Larger than a JavaScript number is exact. */
  networkId: string;
  timeZone: string;
  currencyCode: string;
  secondaryCurrencyCodes: readonly string[];
  isTest: boolean;
  /** How busy it is against the others. */
  size: number;
}

export const sandboxNetworks: readonly SandboxNetwork[] = [
  {
    code: '21768590',
    displayName: 'Harbor Daily (Sandbox)',
    networkId: '9007199254741021',
    timeZone: 'America/New_York',
    currencyCode: 'USD',
    secondaryCurrencyCodes: ['CAD'],
    isTest: true,
    size: 1,
  },
  {
    code: '22904417',
    displayName: 'Le Courrier du Port (Sandbox)',
    networkId: '9007199254741077',
    timeZone: 'Europe/Paris',
    currencyCode: 'EUR',
    secondaryCurrencyCodes: [],
    isTest: true,
    size: 0.4,
  },
];

/** E-mail → the codes of the networks that this person may read. */
export const networkAccess: ReadonlyMap<string, readonly string[]> = new Map([
  [sandboxAccounts.marketing.email, ['21768590', '22904417']],
  [sandboxAccounts.agency.email, ['22904417']],
]);

export interface AdUnit {
  id: string;
  name: string;
  /** Share of the requests of its network. */
  weight: number;
  /** Revenue per thousand impressions, in the network's currency. */
  ecpm: number;
}

const sections: readonly [string, number][] = [
  ['Home', 3.2],
  ['News', 2.6],
  ['Sports', 2.1],
  ['Business', 1.4],
  ['Food', 0.9],
  ['Travel', 0.7],
  ['Newsletter', 0.5],
  ['App', 1.8],
];
const places: readonly [string, number, number][] = [
  ['Leaderboard', 1, 2.4],
  ['Sidebar', 0.7, 1.6],
  ['In-article video', 0.35, 11.8],
];
const firstId = 22_418_000_117n;
/** Ids of busy publishers outgrow what a JavaScript number holds exactly. */
const largeId = 9_007_199_254_740_993n;

/** @param scale 1 gives 24 ad units */
export const adUnitsOf = (scale: number): AdUnit[] => {
  const all: AdUnit[] = [];
  for (let round = 0; all.length < Math.ceil(24 * scale); round++)
    for (const [section, busy] of sections)
      for (const [place, weight, ecpm] of places) {
        const number = BigInt(all.length);
        const name = `${section} – ${place}${round === 0 ? '' : ` ${round + 1}`}`;
        const id = section === 'App' ? largeId + 2n * number : firstId + 37n * number;
        all.push({ id: String(id), name, weight: (busy * weight) / (round + 1), ecpm });
      }
  return all.slice(0, Math.ceil(24 * scale));
};
