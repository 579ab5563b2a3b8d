/** What it means to ask for a turn at a vendor, whoever keeps the order. */

/** How often one account may be asked, by all processes together. */
export interface Pace {
  /** Names the account; never a secret itself. */
  key: string;
  perSecond?: number;
  perMinute?: number;
  /** Requests under way at once. */
  atOnce?: number;
}

export interface TurnRequest {
  id: string;
  /** Sources of one account take turns: the one that was served longest ago goes first. */
  source: string;
  pace: Pace;
}

export interface Turns {
  /** @returns 0 when it is this request's turn, else milliseconds after which to ask again; who does not ask again leaves the queue */
  ask(request: TurnRequest): Promise<number>;
  /** The request has ended, or its caller does not want it any more. */
  end(request: TurnRequest): Promise<void>;
}

/** At most `most` requests within any `milliseconds`. */
export interface PaceWindow {
  most: number;
  milliseconds: number;
}

const minute = 60_000;

/** Less than one a second is one in some seconds. */
export const windowsOf = ({ perSecond, perMinute }: Pace): PaceWindow[] => {
  const windows: PaceWindow[] = [];
  if (perSecond !== undefined) {
    const most = Math.max(1, Math.floor(perSecond));
    windows.push({ most, milliseconds: Math.ceil((1_000 * most) / perSecond) });
  }
  if (perMinute !== undefined) {
    const most = Math.max(1, Math.floor(perMinute));
    windows.push({ most, milliseconds: Math.ceil((minute * most) / perMinute) });
  }
  return windows;
};

export const lives = {
  /** A turn of a killed process is free again after this long; no request takes longer. */
  turn: 90_000,
  /** Who has not asked again for so long has gone. */
  waiter: 3_000,
  /** Asked again at least so often, to stay in the queue. */
  patience: 1_000,
  /** Asked again after so long when another's request has to end first. */
  look: 40,
} as const;
