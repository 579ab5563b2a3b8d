/** The kit's context for one test: time is the suite's, waiting moves it, and what was waited is written down. */
import type { ConnectorContext, Pace } from '../context';
import type { Page } from '../connector';
import { createContext } from '../create-context';
import { createHttpClient, type HttpClient } from '../http/http-client';
import type { Started } from './connector-under-test';
import type { SuiteClock } from './suite-clock';

/** Milliseconds without an answer: long where nothing is to hang, as the machine may be busy. */
const patience = 15_000;
const impatience = 400;

export interface ContextWishes {
  signal?: AbortSignal;
  /** Milliseconds waited between tries. */
  waits?: number[];
  /** Gives up on a hanging request soon. */
  impatient?: boolean;
  pages?: Page[];
}

/** Only this machine can be reached, so that a client library that was not told its address fails. */
export const localHttp = (impatient = false): HttpClient => {
  const limit = impatient ? impatience : patience;
  return createHttpClient({
    allowHosts: ['127.0.0.1', '::1', 'localhost'],
    timeouts: { headers: limit, idle: limit },
  });
};

const minute = 60_000;

/** Takes its turns in the suite's time, as if nobody else asked the vendor. */
const pacing =
  (clock: SuiteClock) =>
  ({ perSecond = Infinity, perMinute = Infinity }: Pace): Promise<() => void> => {
    clock.advance(Math.ceil(Math.max(1_000 / perSecond, minute / perMinute)));
    return Promise.resolve(() => undefined);
  };

export const contextFor = (
  { settings, tokens }: Pick<Started, 'settings' | 'tokens'>,
  { clock, http }: { clock: SuiteClock; http: HttpClient },
  wishes: ContextWishes = {},
): ConnectorContext =>
  createContext({
    http,
    signal: wishes.signal ?? new AbortController().signal,
    now: clock.now,
    requestTimeout: wishes.impatient ? impatience : patience,
    pacer: pacing(clock),
    wait: async (milliseconds) => clock.advance(milliseconds),
    archive: async (page) => void wishes.pages?.push(page),
    retry: {
      random: () => 1,
      wait: async (milliseconds) => {
        wishes.waits?.push(milliseconds);
        clock.advance(milliseconds);
      },
    },
    ...(settings && { settings }),
    ...(tokens && { tokens }),
  });
