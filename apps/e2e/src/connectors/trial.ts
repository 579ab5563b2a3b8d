/** What a connector is tried with: its vendor's stand-in, a way to connect, and the truth that tables have to end with. */
import type { ApiClient } from '@freshet/sdk';
import type { StandInFault } from '@freshet/testing';
import { startGoogle, type GoogleTrial } from './google';

/** Dates in the account's zone; `to` is not among them. */
export interface Days {
  from: string;
  to: string;
}

export interface Trial {
  type: string;
  /** Settings of the services: where the vendor is, and our registration with it. */
  env: Record<string, string>;
  config: Record<string, unknown>;
  /** Keys, or the id of a connection made by consent. */
  connect(session: Session): Promise<{ credentials: Record<string, unknown> } | { connectionId: string }>;
  /** By stream: what a complete sync of these days ends with. Values by column name, ids and money as text. */
  truth: Readonly<Record<string, (days: Days) => readonly object[]>>;
  /** The next requests meet these faults, one each. */
  fail(...faults: StandInFault[]): void;
  recover(): void;
  close(): Promise<void>;
}

/** A person at a browser, as far as consent needs one. */
export interface Session {
  url: string;
  cookie: string;
  api: ApiClient;
}

export type StartTrial = (surroundings: Surroundings) => Promise<Trial>;

/** What trials that run side by side have in common: a time, and one authorization server of Google. */
export class Surroundings {
  private started: Promise<GoogleTrial> | undefined;

  /**
   * @param vendorsNow what the vendors' clocks show; they stand still, so that nothing is restated meanwhile
   * @param hasSmallPages whether vendors give less at once than they usually do, so that there are many requests to disturb
   */
  constructor(
    readonly vendorsNow: Date,
    readonly hasSmallPages = true,
  ) {}

  readonly now = (): Date => this.vendorsNow;

  google(): Promise<GoogleTrial> {
    return (this.started ??= startGoogle(this.now));
  }

  async close(): Promise<void> {
    await (await this.started)?.identity.close();
  }
}
