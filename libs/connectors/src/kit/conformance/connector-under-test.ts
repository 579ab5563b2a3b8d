/** What a connector's conformance spec hands to the suite: the connector, its stand-in, and the truth that a sync has to end with. */
import type { ProblemCode } from '@freshet/contracts';
import type { Account, Connector } from '../connector';
import type { AccessTokens, VendorSettings } from '../context';
import type { SuiteClock } from './suite-clock';

/** What a stand-in is told to do wrong with its next request; as those of `@freshet/testing`. */
export type StandInFault =
  | { kind: 'status'; status: number; retryAfter?: string }
  /** Never answers. */
  | { kind: 'hang' }
  /** Sends part of the body and cuts the connection. */
  | { kind: 'truncate' }
  /** Says gzip and sends something else. */
  | { kind: 'bad-gzip' }
  /** A web page with status 200, where data should be. */
  | { kind: 'html' }
  /** Answers with what the request before got. */
  | { kind: 'repeat' }
  /** Does what was asked, and the answer is lost on the way. */
  | { kind: 'lose-answer' };

export type FaultKind = StandInFault['kind'];

/** Dates `YYYY-MM-DD` in the account's zone; `to` is not among them. */
export interface Days {
  from: string;
  to: string;
}

/** Values by column name; columns left out are not compared. Ids and money as text, bigint or safe integers. */
export type ExpectedRow = object;

export interface StreamUnderTest {
  name: string;
  /** What a complete sync of these days ends with, as of the suite's clock; null for streams that are not cut by days. At least the key's columns. */
  truth(days: Days | null): Iterable<ExpectedRow> | Promise<Iterable<ExpectedRow>>;
}

/** A stand-in that runs, for one test alone: whatever a test does to it is gone with it. */
export interface Started {
  config: unknown;
  credentials: unknown;
  /** `baseUrl` of the stand-in, client id and secret, developer token. */
  settings?: Partial<VendorSettings>;
  /** What `account` has to answer, above all the zone in which days are cut; null for connectors without one. */
  account?: Partial<Account> | null;
  /** Of the grant behind a source connected by OAuth. */
  tokens?: AccessTokens;
  /** The faults are tried on the first one; give it several pages a slice. */
  streams: readonly [StreamUnderTest, ...StreamUnderTest[]];
  /** The next requests meet these faults, one each. */
  fail(...faults: StandInFault[]): void;
  /** Takes back faults that no request has met. */
  recover(): void;
  close(): Promise<void>;
}

type Control<S> = (standIn: S) => void | Promise<void>;

/** What else can be done to a stand-in. The tests of an ability that is not given are not registered. */
export interface Abilities<S> {
  /** The account has no rows from now on. */
  empty?: Control<S>;
  /** The vendor does not accept the grant or the credentials from now on; `restore` undoes it. */
  revoke?: Control<S>;
  restore?: Control<S>;
  /** Access tokens given so far are refused as expired; `renewals` counts how often a new one was asked for. */
  consent?: { expire: Control<S>; renewals(standIn: S): number };
  /** Page tokens given so far are refused as expired. */
  expirePages?: Control<S>;
  /** Rows of the past change, beside what the mere passing of a day restates. */
  restate?: Control<S>;
  /** Rows dated after the suite's clock appear. */
  addFutureRows?: Control<S>;
  /** Rows get another column, which `truth` then names; `column` is its name. */
  addColumn?: { column: string; add: Control<S> };
}

export interface ConnectorUnderTest<S extends Started = Started> {
  connector: Connector;
  /** Called for each test; the stand-in's clock must be the given one. */
  start(clock: SuiteClock): Promise<S>;
  /** Faults that the stand-in can have; all of them by default. */
  faults?: readonly FaultKind[];
  abilities?: Abilities<S>;
  /** Days of the first pass; 4 by default. */
  days?: number;
  /** What the vendor's own 400, 401, 403 and 404 mean where it differs from the kit's usual code. */
  codes?: Partial<Record<400 | 401 | 403 | 404, ProblemCode>>;
}
