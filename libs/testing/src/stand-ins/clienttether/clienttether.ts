/** Stands in for ClientTether's API: clients, opportunities, notes and events of one account. */
import { dateOf, dayNumber } from '../../market';
import { Refusal, startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { Crm } from './crm';
import { Shower, wallClock } from './shown';
import { truthOf, type ClientTetherStream, type TruthRow } from './truth';

export interface ClientTetherOptions {
  seed?: string | number;
  now?: () => Date;
  port?: number;
  accessToken?: string;
  webKey?: string;
  timeZone?: string;
  /** 1 gives about one lead a day. */
  scale?: number;
  /** How far its history goes back. */
  days?: number;
}

export interface ClientTether extends StandIn {
  accessToken: string;
  webKey: string;
  timeZone: string;
  truth(stream: ClientTetherStream, qualifiedStages: readonly string[]): TruthRow[];
  empty(): void;
  revoke(): void;
  restore(): void;
  /** Takes a client away, with all that belongs to it. */
  remove(clientId: string): void;
  /** Says that there is nothing as plain text, or as text where the list would be. */
  sayNothingAs(form: 'text' | 'data'): void;
  /** The next answers have status 200 and an error inside. */
  failSoftly(...messages: string[]): void;
}

const hour = 3_600_000;
const mostItems = 100;

const refuse = (status: number, message: string): never => {
  throw new Refusal({ status, body: { status: 'error', message } });
};

const whole = (text: string | null, usual: number, name: string): number => {
  if (text === null) return usual;
  return /^\d+$/.test(text) ? Number(text) : refuse(400, `${name} must be a number`);
};

export const startClientTether = async (options: ClientTetherOptions = {}): Promise<ClientTether> => {
  const { seed = 'sandbox', now = () => new Date(), port = 0, scale = 1, days = 150 } = options;
  const {
    accessToken = 'sandbox-enterprise-token',
    webKey = 'CT_sandbox',
    timeZone = 'America/Chicago',
  } = options;
  const since = dateOf(dayNumber(now().toISOString().slice(0, 10)) - days);
  const crm = new Crm(seed, since, days + 400, scale);
  const shower = new Shower(crm, timeZone);
  const localTime = wallClock(timeZone);
  const removed = new Set<string>();
  let isEmpty = false;
  let isRevoked = false;
  let nothing: 'text' | 'data' = 'text';
  let softly: string[] = [];

  /** Records are those of the last full hour, so that lists read one after the other agree. */
  const counted = (): number => (isEmpty ? 0 : Math.floor(now().getTime() / hour) * hour);
  const isThere = ({ id }: { id: string }): boolean => !removed.has(id);

  const list = (items: readonly unknown[]): VendorAnswer => {
    if (items.length > 0) return { status: 200, body: { status: 'success', data: items } };
    return {
      status: 200,
      body: nothing === 'text' ? 'No record found' : { status: 'success', data: 'No record found' },
    };
  };

  const only = ({ query }: VendorRequest, ...names: string[]): void => {
    for (const name of query.keys()) if (!names.includes(name)) refuse(400, `Unknown parameter ${name}`);
  };

  const page = (request: VendorRequest, items: readonly unknown[]): VendorAnswer => {
    only(request, 'limit', 'offset');
    const limit = whole(request.query.get('limit'), mostItems, 'limit');
    const offset = whole(request.query.get('offset'), 0, 'offset');
    if (limit < 1 || limit > mostItems) refuse(400, `limit must be between 1 and ${mostItems}`);
    return list(items.slice(offset, offset + limit));
  };

  const events = (request: VendorRequest): VendorAnswer => {
    only(request, 'from_date', 'end_date', 'event_type');
    const { query } = request;
    const [from, to] = [query.get('from_date') ?? '', query.get('end_date') ?? ''];
    if (!/^\d{4}-\d\d-\d\d$/.test(from) || !/^\d{4}-\d\d-\d\d$/.test(to))
      refuse(400, 'from_date and end_date must be dates (YYYY-MM-DD)');
    const type = query.get('event_type');
    const at = counted();
    const found = crm
      .appointments(at)
      .filter(({ lead }) => isThere(lead))
      .filter((appointment) => {
        const day = localTime(appointment.at).slice(0, 10);
        return day >= from && day <= to && (type === null || type === appointment.type);
      });
    return list(found.map((appointment) => shower.event(appointment, at)));
  };

  const notes = (id: string): VendorAnswer => {
    const at = counted();
    const lead = crm
      .leads(at)
      .filter(isThere)
      .find((known) => known.id === id);
    if (!lead) return list([]);
    return list(crm.notesOf(lead, at).map((note) => shower.note(note, lead)));
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const { headers, method, path } = request;
    if (isRevoked || headers['x-access-token'] !== accessToken) refuse(401, 'Invalid access token');
    if (headers['x-web-key'] !== webKey) refuse(401, 'Invalid web key');
    if (method !== 'GET') refuse(405, 'Method not allowed');
    const message = softly.shift();
    if (message !== undefined) return { status: 200, body: { status: 'error', message } };
    const at = counted();
    if (path === '/v2/api/read_client_list')
      return page(
        request,
        crm
          .leads(at)
          .filter(isThere)
          .map((lead) => shower.client(lead, at)),
      );
    if (path === '/v2/api/read_opportunity_list')
      return page(
        request,
        crm
          .opportunities(at)
          .filter(({ lead }) => isThere(lead))
          .map((item) => shower.opportunity(item, at)),
      );
    if (path === '/v2/api/read_all_events') return events(request);
    const client = /^\/v2\/api\/read_client_history_notes\/(\d+)$/.exec(path)?.[1];
    return client === undefined ? refuse(404, 'Not found') : notes(client);
  };

  const standIn = await startStandIn(answer, {
    port,
    now,
    errorBody: (status) => ({ status: 'error', message: `Request failed (${status})` }),
  });

  return {
    ...standIn,
    accessToken,
    webKey,
    timeZone,
    truth: (stream, qualifiedStages) => {
      const rows = truthOf(crm, stream, counted(), (stage) => qualifiedStages.includes(stage));
      const gone = new Set(
        crm
          .appointments(counted())
          .filter(({ lead }) => !isThere(lead))
          .map(({ id }) => id),
      );
      const owner = stream === 'notes' ? 'contact_id' : 'client_id';
      return rows.filter((row) =>
        stream === 'activities' ? !gone.has(String(row['activity_id'])) : !removed.has(String(row[owner])),
      );
    },
    empty: () => void (isEmpty = true),
    revoke: () => void (isRevoked = true),
    restore: () => void (isRevoked = false),
    remove: (id) => void removed.add(id),
    sayNothingAs: (form) => void (nothing = form),
    failSoftly: (...messages) => void (softly = messages),
  };
};
