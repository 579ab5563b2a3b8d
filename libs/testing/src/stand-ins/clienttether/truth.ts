/** The rows that a complete sync has to end with, told from the CRM and not from any answer. */
import { likelyOf, type Crm } from './crm';
import { money, statusOf, weightedCents } from './shown';

export type TruthRow = Record<string, string | boolean | null>;
export type ClientTetherStream = 'leads' | 'opportunities' | 'notes' | 'activities';

const utc = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
const moneyOrNull = (cents: number): string | null => (cents === 0 ? null : money(cents));

export const truthOf = (
  crm: Crm,
  stream: ClientTetherStream,
  now: number,
  isQualified: (stage: string) => boolean,
): TruthRow[] => {
  switch (stream) {
    case 'leads':
      return crm.leads(now).map((lead) => {
        const stage = crm.stageOf(lead, now);
        return {
          client_id: lead.id,
          name: `${lead.firstName} ${lead.lastName}`,
          email: lead.email,
          company: lead.company || null,
          source: lead.source,
          status: stage.name,
          qualified: isQualified(stage.name),
          deal_size: moneyOrNull(lead.cents),
          created_at: utc(lead.createdAt),
          modified_at: stage.at === lead.createdAt ? null : utc(stage.at),
        };
      });
    case 'opportunities':
      return crm.opportunities(now).map((opportunity) => {
        const stage = crm.stageOf(opportunity.lead, now).name;
        return {
          opportunity_id: opportunity.id,
          client_id: opportunity.lead.id,
          candidate: `${opportunity.lead.firstName} ${opportunity.lead.lastName}`,
          market: opportunity.market,
          units: String(opportunity.units),
          weighted_iff: moneyOrNull(weightedCents(opportunity, crm, now)),
          value: moneyOrNull(opportunity.valueCents),
          stage,
          likely_percent: String(likelyOf[stage] ?? 0),
          created_at: utc(opportunity.createdAt),
        };
      });
    case 'notes':
      return crm.leads(now).flatMap((lead) =>
        crm.notesOf(lead, now).map((note) => ({
          note_id: note.id,
          contact_id: lead.id,
          note_date: utc(note.at),
          author: note.author,
          content: note.content,
        })),
      );
    case 'activities':
      return crm.appointments(now).map((appointment) => ({
        activity_id: appointment.id,
        activity_type: appointment.type,
        contact_name: `${appointment.lead.firstName} ${appointment.lead.lastName}`,
        scheduled_at: utc(appointment.at),
        description: appointment.description,
        status: statusOf(appointment, now),
      }));
  }
};
