/** ClientTether's streams. No filter by change is known, so each is read whole and replaces what was there. */
import { streamDefaults, type ApiRequest, type ApiStream } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import type { Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { dateIn } from '../kit/passes';
import { ClientTetherApi, type Item } from './clienttether-api';
import { currency, type ClientTetherConfig, type ClientTetherCredentials } from './clienttether-config';
import { idByContent, nameOf, numberOf, textOf, timeOf } from './loose-values';

type Request = ApiRequest<ClientTetherConfig, ClientTetherCredentials>;
type Stream<Body> = ApiStream<ClientTetherConfig, ClientTetherCredentials, Body>;

const whole = { ...streamDefaults, mode: 'replace-all' } as const;

interface ItemsPage {
  items: Item[];
}

const listPages = (path: string, key: string) =>
  async function* ({ credentials }: Request, context: ConnectorContext): AsyncGenerator<Page<ItemsPage>> {
    for await (const items of new ClientTetherApi(credentials, context).pages(path, key))
      yield { body: { items } };
  };

const stageOf = (item: Item): string | null => textOf(item, 'clients_sales_cycle', 'sales_cycle', 'stage');

const leads: Stream<ItemsPage> = {
  ...whole,
  name: 'leads',
  description:
    'Each lead with its source, its stage in the sales cycle, and whether that counts as qualified.',
  key: ['client_id'],
  columns: [
    { name: 'client_id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'phone', type: 'text' },
    { name: 'company', type: 'text' },
    { name: 'city', type: 'text' },
    { name: 'state', type: 'text' },
    { name: 'source', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'qualified', type: 'boolean' },
    { name: 'deal_size', type: 'numeric' },
    { name: 'currency', type: 'text' },
    { name: 'owner', type: 'text' },
    { name: 'created_at', type: 'timestamp' },
    { name: 'modified_at', type: 'timestamp' },
  ],
  pages: listPages('read_client_list', 'client_id'),
  rows: function* ({ items }, { config: { timeZone, qualifiedStages } }) {
    const qualified = new Set(qualifiedStages.map((stage) => stage.toLowerCase()));
    for (const item of items) {
      const status = stageOf(item);
      yield {
        client_id: textOf(item, 'client_id'),
        name: nameOf(
          item,
          ['name', 'contact_name'],
          [
            ['firstName', 'first_name'],
            ['lastName', 'last_name'],
          ],
        ),
        email: textOf(item, 'email'),
        phone: textOf(item, 'phone'),
        company: textOf(item, 'compName', 'company'),
        city: textOf(item, 'city'),
        state: textOf(item, 'state'),
        source: textOf(item, 'clients_lead_source', 'lead_source'),
        status,
        qualified: qualified.has((status ?? '').toLowerCase()),
        deal_size: numberOf(item, 'deal_size'),
        currency,
        owner: textOf(item, 'assigned_user', 'owner'),
        created_at: timeOf(item, timeZone, 'created'),
        modified_at: timeOf(item, timeZone, 'last_modified_date'),
      };
    }
  },
};

const opportunities: Stream<ItemsPage> = {
  ...whole,
  name: 'opportunities',
  description: 'Each opportunity: candidate, market, units, stage, how likely, and what it is worth.',
  key: ['opportunity_id'],
  columns: [
    { name: 'opportunity_id', type: 'text' },
    { name: 'client_id', type: 'text' },
    { name: 'candidate', type: 'text' },
    { name: 'market', type: 'text' },
    { name: 'units', type: 'bigint' },
    { name: 'weighted_iff', type: 'numeric' },
    { name: 'value', type: 'numeric' },
    { name: 'currency', type: 'text' },
    { name: 'stage', type: 'text' },
    { name: 'likely_percent', type: 'numeric' },
    { name: 'created_at', type: 'timestamp' },
    { name: 'modified_at', type: 'timestamp' },
  ],
  pages: listPages('read_opportunity_list', 'opportunity_id'),
  rows: function* ({ items }, { config: { timeZone } }) {
    for (const item of items)
      yield {
        opportunity_id: textOf(item, 'opportunity_id'),
        client_id: textOf(item, 'client_id', 'contact_id'),
        candidate: nameOf(
          item,
          ['contact_name', 'candidate', 'opportunity_name'],
          [['firstName'], ['lastName']],
        ),
        market: textOf(item, 'market'),
        units: numberOf(item, 'units'),
        weighted_iff: numberOf(item, 'weighted_iff'),
        value: numberOf(item, 'opportunity_value', 'value', 'amount'),
        currency,
        stage: stageOf(item),
        likely_percent: numberOf(item, 'likely', 'likely_percent', 'probability'),
        created_at: timeOf(item, timeZone, 'created'),
        modified_at: timeOf(item, timeZone, 'last_modified_date'),
      };
  },
};

interface NotesPage {
  clients: { id: string; notes: Item[] }[];
}

const clientsAPage = 50;

/** Notes are to be had client by client. */
const notePages = async function* (
  { credentials }: Request,
  context: ConnectorContext,
): AsyncGenerator<Page<NotesPage>> {
  const api = new ClientTetherApi(credentials, context);
  const ids: string[] = [];
  for await (const items of api.pages('read_client_list', 'client_id'))
    ids.push(...items.map((item) => textOf(item, 'client_id') ?? '').filter((id) => id !== ''));
  for (let at = 0; at < ids.length; at += clientsAPage) {
    const clients: NotesPage['clients'] = [];
    for (const id of ids.slice(at, at + clientsAPage))
      clients.push({
        id,
        notes: await api.list(`read_client_history_notes/${encodeURIComponent(id)}`, {}, 'note_date'),
      });
    yield { body: { clients }, progress: Math.min(1, (at + clientsAPage) / ids.length) };
  }
};

const noteOf = (item: Item, client: string, timeZone: string): ApiRow => {
  const [author, content] = [
    textOf(item, 'author', 'user_name', 'created_by'),
    textOf(item, 'note', 'content', 'notes'),
  ];
  return {
    note_id:
      textOf(item, 'note_id', 'history_id', 'id') ?? idByContent(client, textOf(item, 'note_date'), content),
    contact_id: client,
    note_date: timeOf(item, timeZone, 'note_date', 'created'),
    author,
    content,
  };
};

const notes: Stream<NotesPage> = {
  ...whole,
  name: 'notes',
  description: 'What was written about each lead, when and by whom; one request a lead.',
  key: ['note_id'],
  columns: [
    { name: 'note_id', type: 'text' },
    { name: 'contact_id', type: 'text' },
    { name: 'note_date', type: 'timestamp' },
    { name: 'author', type: 'text' },
    { name: 'content', type: 'text' },
  ],
  pages: notePages,
  rows: function* ({ clients }, { config }) {
    for (const { id, notes: items } of clients)
      for (const item of items) yield noteOf(item, id, config.timeZone);
  },
};

const dayLength = 86_400_000;
const daysAround = 365;
const daysARequest = 90;
const eventTimes = ['event_date', 'from_date'] as const;

/** A year back and a year ahead, since a calendar is about what is to come. The days where requests meet are in both. */
const eventPages = async function* (
  { credentials, config }: Request,
  context: ConnectorContext,
): AsyncGenerator<Page<ItemsPage>> {
  const api = new ClientTetherApi(credentials, context);
  const day = (offset: number): string =>
    dateIn(new Date(context.now().getTime() + offset * dayLength), config.timeZone);
  for (let from = -daysAround; from < daysAround; from += daysARequest) {
    const to = Math.min(daysAround, from + daysARequest);
    // A day more on either side, as it is not known by which clock and whether with its last day the range is taken.
    const [earliest, latest] = [day(from - 1), day(to + 2)];
    const isAsked = (item: Item): boolean => {
      const at = timeOf(item, config.timeZone, ...eventTimes) ?? '';
      return !Number.isFinite(Date.parse(at)) || (at >= earliest && at < latest);
    };
    const range = { from_date: day(from), end_date: day(to) };
    const items = await api.list('read_all_events', range, eventTimes[0], isAsked);
    yield { body: { items }, progress: (to + daysAround) / (2 * daysAround) };
  }
};

const activities: Stream<ItemsPage> = {
  ...whole,
  name: 'activities',
  description: 'Appointments and tasks of a year back and a year ahead.',
  key: ['activity_id'],
  columns: [
    { name: 'activity_id', type: 'text' },
    { name: 'activity_type', type: 'text' },
    { name: 'scheduled_at', type: 'timestamp' },
    { name: 'contact_id', type: 'text' },
    { name: 'contact_name', type: 'text' },
    { name: 'description', type: 'text' },
    { name: 'status', type: 'text' },
  ],
  pages: eventPages,
  rows: function* ({ items }, { config: { timeZone } }) {
    for (const item of items) {
      const [type, contact] = [textOf(item, 'event_type', 'type'), textOf(item, 'client_id', 'contact_id')];
      yield {
        activity_id: textOf(item, 'event_id', 'id') ?? idByContent(contact, type, textOf(item, 'event_date')),
        activity_type: type,
        scheduled_at: timeOf(item, timeZone, ...eventTimes),
        contact_id: contact,
        contact_name: nameOf(item, ['contact_name', 'client_name'], [['firstName'], ['lastName']]),
        description: textOf(item, 'description', 'title'),
        status: textOf(item, 'status'),
      };
    }
  },
};

export const clientTetherStreams = [leads, opportunities, notes, activities];
