/**
 * How a stream that is cut by days is read: in passes, each from some days before the last pass began until today, each cut into slices
 * that are committed as one. Pure; what it remembers is stored in the transaction that commits a slice's rows.
 */
import { defaults, FreshetError } from '@freshet/contracts';
import type { Slice, StreamSpec } from './connector';

/** Dates are `YYYY-MM-DD` in the account's zone, ranges half-open. */
export interface Pass {
  /** The run that asked for it, where no other may go on with it; null: whichever run comes next. */
  run: string | null;
  from: string;
  to: string;
  /** The first day that is not read yet. */
  at: string;
  /** The day on which it began. */
  begunOn: string;
}

export interface StreamProgress {
  /** The day on which the last whole pass began; null before the first. Days settled by then will not be read again. */
  readOn: string | null;
  /** The pass under way. */
  pass: Pass | null;
  /** Days of the next slice, as learned from the vendor. */
  days: number;
}

export interface PassRequest {
  stream: Pick<StreamSpec, 'slicing' | 'lookbackDays'>;
  /** The account's date now. */
  today: string;
  /** And when the run was asked for: a first window counts from then, so that tables of one source begin on one day however long it waited. */
  askedOn?: string;
  runId: string;
  /** Read everything again, as if for the first time. */
  full?: boolean;
  /** Read these days and no others; `to` is the last one. */
  window?: { from: string; to: string };
  /** Days read at first. */
  firstWindowDays?: number;
}

const dayLength = 86_400_000;
const shifted = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayLength).toISOString().slice(0, 10);
const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);

/** A slice with fewer rows may grow, one with more has to shrink. */
const fewRows = 20_000;
const manyRows = 200_000;

/** The progress with which a run goes on: a pass that an earlier run left, or a new one. `progress.pass` is never null in it. */
export const planPass = (progress: StreamProgress | null, request: PassRequest): StreamProgress => {
  const { stream, today, runId, askedOn = today, full = false } = request;
  const days = progress?.days ?? stream.slicing?.days ?? 1;
  const end = shifted(today, 1);
  const open = progress?.pass;
  if (request.window) {
    if (open?.run === runId) return { readOn: null, pass: open, days };
    return { readOn: null, days, pass: { ...windowOf(request.window, request), run: runId, begunOn: today } };
  }
  if (open && (full ? open.run === runId : true)) {
    return { readOn: progress.readOn, days, pass: { ...open, to: later(open.to, end) } };
  }
  const first = shifted(earlier(askedOn, today), -(request.firstWindowDays ?? defaults.sync.firstWindowDays));
  const readOn = full ? null : (progress?.readOn ?? null);
  const from = notBefore(
    readOn === null ? first : shifted(earlier(readOn, today), -stream.lookbackDays),
    request,
  );
  return {
    readOn: progress?.readOn ?? null,
    days,
    pass: { run: full ? runId : null, from, to: end, at: from, begunOn: today },
  };
};

/** Throws `invalid_input` for days the vendor can't have. */
const windowOf = (
  { from, to }: { from: string; to: string },
  request: PassRequest,
): { from: string; to: string; at: string } => {
  const end = earlier(shifted(to, 1), shifted(request.today, 1));
  const start = notBefore(from, request);
  if (start < end) return { from: start, to: end, at: start };
  throw new FreshetError('invalid_input', `There are no days to read from ${from} to ${to}.`, {
    action: 'Choose days in the past that the source still keeps.',
  });
};

const notBefore = (date: string, { stream, today }: PassRequest): string => {
  const history = stream.slicing?.historyDays ?? null;
  return history === null ? date : later(date, shifted(today, -history));
};

/** Null once the pass has read all of its days. */
export const nextSlice = ({ pass, days }: StreamProgress): Required<Slice> | null =>
  pass && pass.at < pass.to ? { from: pass.at, to: earlier(shifted(pass.at, days), pass.to) } : null;

/** What to store with a committed slice. @param rows read in it */
export const afterSlice = (
  progress: StreamProgress,
  slice: Required<Slice>,
  rows: number,
  { slicing }: Pick<StreamSpec, 'slicing'>,
): StreamProgress => {
  const { pass } = progress;
  if (!pass) return progress;
  const most = slicing?.mostDays ?? 1;
  const wasWhole = shifted(slice.from, progress.days) <= slice.to;
  let { days } = progress;
  if (rows > manyRows) days = Math.max(1, Math.floor(days / 2));
  else if (wasWhole && rows < fewRows) days = Math.min(most, days * 2);
  if (slice.to < pass.to) return { ...progress, days, pass: { ...pass, at: slice.to } };
  return { readOn: pass.begunOn, pass: null, days };
};

/** After the vendor refused a slice as too large; null when a slice can't be smaller. */
export const withSmallerSlices = (progress: StreamProgress): StreamProgress | null =>
  progress.days > 1 ? { ...progress, days: Math.floor(progress.days / 2) } : null;

/** Share of the pass that is read, 0–1, the slice under way counted by its own share. */
export const shareOfPass = (
  { pass }: StreamProgress,
  slice: Required<Slice>,
  share: number | null,
): number => {
  if (!pass) return 1;
  const [from, to, begin, end] = [pass.from, pass.to, slice.from, slice.to].map((date) =>
    Date.parse(`${date}T00:00:00Z`),
  );
  const [first = 0, last = 1, start = 0, stop = 0] = [from, to, begin, end];
  return (start - first + (stop - start) * (share ?? 0)) / Math.max(1, last - first);
};

/** The date that clocks show in this IANA zone. */
export const dateIn = (now: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );
