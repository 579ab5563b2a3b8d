/** Accounts: the one that is read, those below a manager account, and those there are to choose from. */
import { toFreshetError } from '@freshet/contracts';
import type { Account, Choice } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { listAccessible, searchAll, type AdsRow } from './ads-client';
import { adsCodeOf } from './explain-ads';
import { shownId, type Route } from './google-ads-config';

/** An account with numbers of its own, or one that should have them. */
export interface Client {
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  isManager: boolean;
  isEnabled: boolean;
  isHidden: boolean;
}

const clientFields = [
  'customer_client.id',
  'customer_client.descriptive_name',
  'customer_client.currency_code',
  'customer_client.time_zone',
  'customer_client.status',
  'customer_client.manager',
  'customer_client.hidden',
];

const memberOf = (row: AdsRow, name: string): Record<string, unknown> =>
  (row[name] ?? {}) as Record<string, unknown>;

const clientOf = (row: AdsRow): Client => {
  const client = memberOf(row, 'customerClient');
  const id = String(client['id']);
  return {
    id,
    name: String(client['descriptiveName'] ?? shownId(id)),
    currency: String(client['currencyCode'] ?? ''),
    timeZone: String(client['timeZone'] ?? ''),
    isManager: client['manager'] === true,
    isEnabled: client['status'] === 'ENABLED',
    isHidden: client['hidden'] === true,
  };
};

/** All accounts below the one of the route, however deep, and itself. */
const listBelow = async (context: ConnectorContext, route: Route): Promise<Client[]> =>
  (await searchAll(context, { route, select: clientFields, from: 'customer_client' })).map(clientOf);

/** Asked for once a run, whichever streams and slices it reads: each question counts towards the daily quota. */
const listed = new WeakMap<AbortSignal, Map<string, Promise<Client[]>>>();

/** Accounts whose numbers are read: the route's own, or those below a manager. Hidden ones are not among them. */
export const clientsOf = async (context: ConnectorContext, route: Route): Promise<Client[]> => {
  const ofRun = listed.get(context.signal) ?? new Map<string, Promise<Client[]>>();
  listed.set(context.signal, ofRun);
  const key = `${route.login}/${route.customer}`;
  const asked = ofRun.get(key) ?? listBelow(context, route);
  ofRun.set(key, asked);
  try {
    return (await asked).filter(
      ({ id, isManager, isHidden }) => !isManager && (!isHidden || id === route.customer),
    );
  } catch (error) {
    ofRun.delete(key);
    throw error;
  }
};

/** A manager's days are those of its own zone; its money has many currencies, each row's own. */
export const accountOf = async (context: ConnectorContext, route: Route): Promise<Account> => {
  const select = [
    'customer.id',
    'customer.descriptive_name',
    'customer.currency_code',
    'customer.time_zone',
    'customer.manager',
  ];
  const [row = {}] = await searchAll(context, { route, select, from: 'customer' });
  const customer = memberOf(row, 'customer');
  return {
    name: String(customer['descriptiveName'] ?? shownId(route.customer)),
    timeZone: String(customer['timeZone'] ?? 'UTC'),
    currency: customer['manager'] === true ? null : String(customer['currencyCode']),
  };
};

const choiceOf = (client: Client, root: Client): Choice => {
  const { id, name, currency, isManager } = client;
  const value = id === root.id ? id : `${root.id}/${id}`;
  const below = id === root.id ? [] : [`below ${root.name}`];
  const kind = isManager ? 'manager account: all accounts below it' : currency;
  return { field: 'customer', value, label: name, detail: [shownId(id), kind, ...below].join(' · ') };
};

/** Accounts that can be chosen, each by the way it is reached. Closed and hidden ones are not among them. */
export const choicesOf = async (context: ConnectorContext): Promise<Choice[]> => {
  const choices = new Map<string, Choice>();
  for (const id of await listAccessible(context)) {
    const all = await listBelow(context, { login: id, customer: id }).catch((error: unknown) => {
      // A closed account is on the list of those with access, too.
      if (adsCodeOf(toFreshetError(error)) === 'CUSTOMER_NOT_ENABLED') return [];
      throw error;
    });
    const root = all.find((client) => client.id === id);
    if (!root) continue;
    for (const client of all.filter(({ isEnabled, isHidden }) => isEnabled && !isHidden))
      if (client === root || !choices.has(client.id)) choices.set(client.id, choiceOf(client, root));
  }
  return [...choices.values()];
};
