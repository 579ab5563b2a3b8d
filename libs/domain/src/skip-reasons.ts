/** Why a model is not refreshed (now): one code and one plain sentence for each reason (spec CA7, CA15). */

/** What keeps a model from running until a person or the data changes it. Max wait overrides none of these. */
export type StopReason =
  | { code: 'deleted' }
  | { code: 'input_deleted'; input: string }
  | { code: 'input_missing'; input: string }
  | { code: 'input_held'; input: string }
  | { code: 'paused' }
  | { code: 'auto_refresh_off' }
  | { code: 'given_up'; failures: number; final: boolean; interruptions?: number };

/** What only puts a refresh off; it ends by itself. */
export type DelayReason =
  | { code: 'running' }
  | { code: 'backoff'; failures: number; until: number }
  | { code: 'interrupted'; interruptions: number; until: number }
  | { code: 'upstream_owed'; upstream: string }
  | { code: 'source_syncing'; source: string }
  | { code: 'in_line'; ahead: number }
  | { code: 'set_in_progress'; upstream: string[] }
  | { code: 'set_ready'; others: string[] };

/** There is nothing to do. */
export type IdleReason =
  | { code: 'up_to_date' }
  | { code: 'upstream_failed'; upstream: string }
  | { code: 'set_blocked'; failed: string[] };

/** A finished build that is not published, though its model is still owed. */
export type FenceReason =
  | { code: 'model_deleted' }
  | { code: 'overtaken' }
  | { code: 'definition_changed' }
  | { code: 'held_meanwhile' }
  | { code: 'pinned_meanwhile' }
  | { code: 'paused_meanwhile' };

export type SkipReason = StopReason | DelayReason | IdleReason | FenceReason;
export type SkipCode = SkipReason['code'];

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and 3 more`. */
export function spokenList(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length < 2) return first;
  return names.length === 2 ? `${first} and ${second}` : `${first}, ${second} and ${names.length - 2} more`;
}

/** A duration in milliseconds, as people say it: `6 s`, `3 min`, `2 h`. Rounded up, so that nobody comes too early. */
export function spokenDuration(milliseconds: number): string {
  const seconds = Math.ceil(Math.max(0, milliseconds) / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/** The reason as a sentence for the person who looks at the model; `now` is epoch milliseconds. */
export function explainSkip(reason: SkipReason, now: number): string {
  switch (reason.code) {
    case 'deleted':
    case 'model_deleted':
      return 'The model was deleted.';
    case 'input_deleted':
      return `${reason.input}, which it reads, was deleted, so it keeps its last version; change its SQL to go on.`;
    case 'input_missing':
      return `Waits for ${reason.input}, which it reads and which has no data yet.`;
    case 'input_held':
      return `${reason.input}, which it reads, is held because its last sync looks wrong; release the sync to go on.`;
    case 'paused':
      return 'It is paused; resume it to go on.';
    case 'auto_refresh_off':
      return 'Its inputs changed, but its auto-refresh is off; refresh it by hand or turn auto-refresh on.';
    case 'given_up':
      if (reason.interruptions)
        return `It ended its process ${counted(reason.interruptions, 'time', 'times')} in a row on the same inputs; it is tried again when its SQL or an input changes, or when you ask.`;
      return reason.final
        ? 'It failed in a way that trying again cannot mend; it is tried again when its SQL or an input changes, or when you ask.'
        : `It failed ${counted(reason.failures, 'time', 'times')} on the same inputs; it is tried again when its SQL or an input changes, or when you ask.`;
    case 'running':
      return 'It is being refreshed right now.';
    case 'backoff':
      return `It failed ${counted(reason.failures, 'time', 'times')}; the next attempt is in ${spokenDuration(reason.until - now)}.`;
    case 'interrupted':
      return `Its process ended while refreshing it, ${counted(reason.interruptions, 'time', 'times')} in a row; the next attempt is in ${spokenDuration(reason.until - now)}.`;
    case 'upstream_owed':
      return `Waits for ${reason.upstream}, which is refreshed first.`;
    case 'source_syncing':
      return `Waits for the running sync of ${reason.source}.`;
    case 'in_line':
      return `It is ready; ${counted(reason.ahead, 'refresh goes', 'refreshes go')} first.`;
    case 'up_to_date':
      return 'Nothing it reads has changed since its last refresh.';
    case 'upstream_failed':
      return `${reason.upstream}, which it reads, failed; it stays on its version until that recovers.`;
    case 'set_in_progress':
      return `It is built; it waits for ${spokenList(reason.upstream)}, to be published together.`;
    case 'set_ready':
      return reason.others.length
        ? `It is built and is published now, together with ${spokenList(reason.others)}.`
        : 'It is built and is published now.';
    case 'set_blocked':
      return `It is built but not published: ${spokenList(reason.failed)} failed, and they are published together or not at all.`;
    case 'pinned_meanwhile':
      return 'It was pinned or put into shadow mode meanwhile, so it is not published.';
    case 'paused_meanwhile':
      return 'It was paused meanwhile, so it is not published.';
    case 'overtaken':
      return 'A later refresh of it began meanwhile, so this result was dropped.';
    case 'definition_changed':
      return 'Its SQL was changed while it was being refreshed, so this result was dropped; it is refreshed again.';
    case 'held_meanwhile':
      return 'A table it reads was held while it was being refreshed, so this result was dropped.';
  }
}
