/**
 * The whole flow on one page: what each thing that happens sets in motion.
 *
 *   sync requested → job sync.run → slices commit → dispatch → job refresh.model → version published → dispatch → …
 *
 * A dispatch is a function of the state in PostgreSQL, so losing any of these steps only costs time: the scheduler
 * dispatches every second whatever was lost.
 */
import type { JobName } from './jobs';

export type FlowEvent =
  | 'sync.requested'
  | 'sync.slice-committed'
  | 'sync.ended'
  | 'model.changed'
  | 'refresh.requested'
  | 'refresh.ended'
  | 'schedule.due'
  | 'clock.ticked';

interface Consequence {
  /** Jobs enqueued directly. */
  jobs: readonly JobName[];
  /** Whether owed models are worked out anew and the ready ones enqueued (`refresh.model`). */
  dispatch: boolean;
  why: string;
}

export const flow = {
  'sync.requested': {
    jobs: ['sync.run'],
    dispatch: false,
    why: 'a person, a schedule or another service asked for fresh rows',
  },
  'sync.slice-committed': {
    jobs: [],
    dispatch: false,
    why: 'its rows are readable, but its source is still syncing: max wait decides',
  },
  'sync.ended': {
    jobs: [],
    dispatch: true,
    why: 'completed, failed or cancelled: what was committed is data all the same',
  },
  'model.changed': {
    jobs: [],
    dispatch: true,
    why: 'a new definition differs from the one its version was built from',
  },
  'refresh.requested': { jobs: [], dispatch: true, why: 'somebody asked for this model: it goes first' },
  'refresh.ended': { jobs: [], dispatch: true, why: 'models below may be owed now, and a slot is free' },
  'schedule.due': { jobs: ['sync.run'], dispatch: false, why: 'its time has come' },
  'clock.ticked': { jobs: [], dispatch: true, why: 'the safety net: nothing above needs to have arrived' },
} as const satisfies Record<FlowEvent, Consequence>;
