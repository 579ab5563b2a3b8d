/** How ClientTether shows its records: by the clock of the account, and with types that vary from one record to the next. */
import type { Appointment, Crm, Lead, Note, Opportunity } from './crm';
import { likelyOf } from './crm';

type Shown = Record<string, unknown>;

/** JSON numbers beyond what a double holds, digit by digit. */
const exact = (digits: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);

const isOdd = (id: string): boolean => Number(id.at(-1)) % 2 === 1;

/** An id or a count: a number in some records, text in others. */
const loose = (digits: string, of: string): unknown => (isOdd(of) ? exact(digits) : digits);

export const money = (cents: number): string => (cents / 100).toFixed(2);

/** `125000.50`, `"125000.50"`, `"$125,000.50"`, or `""` for nothing. */
const looseMoney = (cents: number, of: string): unknown => {
  if (cents === 0) return '';
  const text = money(cents);
  switch (Number(of.slice(-4)) % 3) {
    case 0:
      return exact(text);
    case 1:
      return text;
    default:
      return `$${text.replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',')}`;
  }
};

/** The account's clock, without an offset. */
export const wallClock = (timeZone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(at);
};

export const weightedCents = ({ feeCents, lead }: Opportunity, crm: Crm, now: number): number =>
  Math.round((feeCents * (likelyOf[crm.stageOf(lead, now).name] ?? 0)) / 100);

export class Shower {
  private readonly time: (at: number) => string;

  constructor(
    private readonly crm: Crm,
    timeZone: string,
  ) {
    this.time = wallClock(timeZone);
  }

  client(lead: Lead, now: number): Shown {
    const stage = this.crm.stageOf(lead, now);
    return {
      client_id: loose(lead.id, lead.id),
      firstName: lead.firstName,
      lastName: lead.lastName,
      email: lead.email,
      phone: lead.phone,
      compName: lead.company,
      city: lead.city,
      state: lead.state,
      clients_lead_source: lead.source,
      clients_sales_cycle: stage.name,
      assigned_user: lead.owner,
      deal_size: looseMoney(lead.cents, lead.id),
      created: this.time(lead.createdAt),
      last_modified_date: stage.at === lead.createdAt ? '0000-00-00 00:00:00' : this.time(stage.at),
      do_not_contact: isOdd(lead.id) ? 0 : '',
    };
  }

  opportunity(opportunity: Opportunity, now: number): Shown {
    const { id, lead, market, units, valueCents } = opportunity;
    const stage = this.crm.stageOf(lead, now);
    const likely = String(likelyOf[stage.name] ?? 0);
    return {
      opportunity_id: loose(id, id),
      client_id: lead.id,
      contact_name: `${lead.firstName} ${lead.lastName}`,
      market,
      units: loose(String(units), id),
      opportunity_value: looseMoney(valueCents, id),
      weighted_iff: looseMoney(weightedCents(opportunity, this.crm, now), lead.id),
      stage: stage.name,
      likely: isOdd(id) ? `${likely}%` : exact(likely),
      created: this.time(opportunity.createdAt),
      last_modified_date: this.time(Math.max(stage.at, opportunity.createdAt)),
    };
  }

  note(note: Note, lead: Lead): Shown {
    return {
      note_id: loose(note.id, note.id),
      client_id: loose(lead.id, note.id),
      note_date: this.time(note.at),
      author: note.author,
      note: note.content,
    };
  }

  event({ id, lead, type, at, description, isCancelled }: Appointment, now: number): Shown {
    return {
      event_id: loose(id, id),
      event_type: type,
      client_id: lead.id,
      contact_name: `${lead.firstName} ${lead.lastName}`,
      event_date: this.time(at),
      description,
      status: statusOf({ at, isCancelled }, now),
    };
  }
}

export const statusOf = (
  { at, isCancelled }: Pick<Appointment, 'at' | 'isCancelled'>,
  now: number,
): string => {
  if (isCancelled) return 'Cancelled';
  return at <= now ? 'Completed' : 'Scheduled';
};
