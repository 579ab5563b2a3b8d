/** What every connector has to do, as one suite over each of them and its stand-in. For specs only. */
import { FreshetError } from '@freshet/contracts';
import type { Column, Row } from './column';
import type { Batch, Connector, ReadRequest } from './connector';
import type { ConnectorContext } from './context';
import { createContext } from './create-context';
import { createHttpClient, type HttpClient } from './http/http-client';

/** What a stand-in is told to do wrong with its next request. */
export type StandInFault =
  | { kind: 'status'; status: number; retryAfter?: string }
  /** Never answers. */
  | { kind: 'hang' }
  /** Sends part of the body and cuts the connection. */
  | { kind: 'truncate' };

/** A connector, set up against a stand-in that holds a few rows and restates none of them during the suite. */
export interface ConnectorUnderTest {
  connector: Connector;
  config: unknown;
  credentials: unknown;
  stream: string;
  /** The next requests meet these faults, one each. */
  fail(...faults: StandInFault[]): void;
  /** Takes back faults that no request has met. */
  recover(): void;
  close(): Promise<void>;
}

interface Outcome {
  columns: readonly Column[];
  rows: Row[];
  batches: Batch[];
  error: FreshetError | null;
  /** Milliseconds waited between tries. */
  waits: number[];
}

const now = new Date('2026-03-01T12:00:00Z');
/** Milliseconds without an answer or a byte. */
const patience = 400;

export const describeConnector = (name: string, start: () => Promise<ConnectorUnderTest>): void => {
  describe(`the ${name} connector`, () => {
    let subject: ConnectorUnderTest;
    let http: HttpClient;

    beforeAll(async () => {
      subject = await start();
      http = createHttpClient({
        allowHosts: ['127.0.0.1', '::1'],
        timeouts: { headers: patience, idle: patience },
      });
    });
    afterEach(() => subject.recover());
    afterAll(() => Promise.all([subject.close(), http.close()]));

    const contextWith = (waits: number[], signal = new AbortController().signal): ConnectorContext =>
      createContext({
        http,
        signal,
        now: () => now,
        retry: {
          random: () => 1,
          wait: async (milliseconds) => {
            waits.push(milliseconds);
          },
        },
      });

    const request = (): ReadRequest => ({
      config: subject.config,
      credentials: subject.credentials,
      stream: subject.stream,
      slice: {},
      account: null,
      checkpoint: null,
      knownColumns: null,
    });

    const read = async (changes: Partial<ReadRequest> = {}, signal?: AbortSignal): Promise<Outcome> => {
      const outcome: Outcome = { columns: [], rows: [], batches: [], error: null, waits: [] };
      try {
        for await (const batch of subject.connector.read(
          { ...request(), ...changes },
          contextWith(outcome.waits, signal),
        )) {
          outcome.batches.push(batch);
          outcome.columns = batch.columns;
          outcome.rows.push(...batch.rows);
        }
      } catch (error) {
        if (!(error instanceof FreshetError)) throw error;
        outcome.error = error;
      }
      return outcome;
    };

    /** A failed read must give the loader nothing that it could take for a whole slice. */
    const expectNothingCommitted = ({ batches }: Outcome): void => {
      expect(batches.filter(({ checkpoint, notModified }) => checkpoint !== null || notModified)).toEqual([]);
    };

    it('describes itself by JSON Schemas', () => {
      const { spec } = subject.connector;
      expect(spec.config).toMatchObject({ type: 'object' });
      expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
      expect(spec.type).toMatch(/^[a-z][a-z0-9-]*$/);
    });

    it('names its stream without asking the vendor, as discovery does', async () => {
      const discovered = await subject.connector.discover(
        subject.config,
        subject.credentials,
        contextWith([]),
      );
      const streams = subject.connector.streams(subject.config);
      expect(streams.map((stream) => stream.name)).toContain(subject.stream);
      expect(discovered.map(({ columns: _columns, sample: _sample, ...stream }) => stream)).toEqual(streams);
      for (const { columns, sample } of discovered) {
        expect(columns.length).toBeGreaterThan(0);
        for (const row of sample) expect(row).toHaveLength(columns.length);
      }
    });

    it('passes its check', async () => {
      const { ok, checks } = await subject.connector.check(
        subject.config,
        subject.credentials,
        contextWith([]),
      );
      expect({ ok, failed: checks.filter((step) => !step.ok) }).toEqual({ ok: true, failed: [] });
      expect(checks.length).toBeGreaterThan(0);
    });

    it('says in its check what is wrong and what to do', async () => {
      subject.fail({ kind: 'status', status: 403 });
      const { ok, checks } = await subject.connector.check(
        subject.config,
        subject.credentials,
        contextWith([]),
      );
      expect(ok).toBe(false);
      expect(checks.at(-1)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/\. .+\.$/) as string,
      });
    });

    it('gives the same table twice', async () => {
      const [first, second] = [await read(), await read()];
      expect(first.error).toBeNull();
      expect(first.rows.length).toBeGreaterThan(0);
      expect({ columns: second.columns, rows: second.rows }).toEqual({
        columns: first.columns,
        rows: first.rows,
      });
    });

    it('gives rows as wide as their columns, and a checkpoint at the end', async () => {
      const { batches } = await read();
      for (const { columns, rows } of batches)
        for (const row of rows) expect(row).toHaveLength(columns.length);
      expect(batches.at(-1)?.checkpoint).not.toBeNull();
    });

    it('goes on from its last checkpoint without losing or changing a row', async () => {
      const first = await read();
      const again = await read({
        checkpoint: first.batches.at(-1)?.checkpoint ?? null,
        knownColumns: [...first.columns],
      });
      expect(again.error).toBeNull();
      expect(again.columns).toEqual(first.columns);
      const before = new Set(first.rows.map((row) => JSON.stringify(row)));
      expect(again.rows.filter((row) => !before.has(JSON.stringify(row)))).toEqual([]);
    });

    it.each<[string, StandInFault]>([
      ['a 500', { kind: 'status', status: 500 }],
      ['a 503', { kind: 'status', status: 503 }],
      ['a hang', { kind: 'hang' }],
      ['a truncated body', { kind: 'truncate' }],
    ])('gets over %s', async (_what, fault) => {
      const whole = await read();
      subject.fail(fault);
      const { rows, error, waits } = await read();
      expect(error).toBeNull();
      expect(rows).toEqual(whole.rows);
      expect(waits).toEqual([1_000]);
    });

    it.each<[string, StandInFault]>([
      ['500s', { kind: 'status', status: 500 }],
      ['hangs', { kind: 'hang' }],
      ['truncated bodies', { kind: 'truncate' }],
    ])('gives up after four %s, and commits nothing', async (_what, fault) => {
      subject.fail(fault, fault, fault, fault);
      const outcome = await read();
      expect(outcome.error).toMatchObject({
        code: 'source_unreachable',
        details: { action: expect.any(String) as string },
      });
      expect(outcome.waits).toEqual([1_000, 2_000, 4_000]);
      expectNothingCommitted(outcome);
    });

    it('waits as long as a 429 says', async () => {
      subject.fail({ kind: 'status', status: 429, retryAfter: '7' });
      const { error, waits } = await read();
      expect(error).toBeNull();
      expect(waits).toEqual([7_000]);
    });

    it('waits by its own rules when a 429 says nothing', async () => {
      subject.fail({ kind: 'status', status: 429 }, { kind: 'status', status: 429 });
      const { error, waits } = await read();
      expect(error).toBeNull();
      expect(waits).toEqual([1_000, 2_000]);
    });

    it('hands over a long quota with the time when it ends', async () => {
      subject.fail({ kind: 'status', status: 429, retryAfter: '3600' });
      const outcome = await read();
      expect(outcome.error).toMatchObject({
        code: 'source_quota',
        verdict: 'wait',
        details: { until: new Date(now.getTime() + 3_600_000) },
      });
      expectNothingCommitted(outcome);
    });

    it.each([
      [401, 'source_unauthorized'],
      [403, 'source_unauthorized'],
      [404, 'source_not_found'],
      [400, 'source_refused'],
    ])('fails at once on %d', async (status, code) => {
      subject.fail({ kind: 'status', status });
      const outcome = await read();
      expect(outcome.error).toMatchObject({ code, details: { action: expect.any(String) as string } });
      expect(outcome.waits).toEqual([]);
      expectNothingCommitted(outcome);
    });

    it('stops when cancelled', async () => {
      const controller = new AbortController();
      subject.fail({ kind: 'hang' });
      const reading = read({}, controller.signal);
      controller.abort();
      const outcome = await reading;
      expect(outcome.error).toMatchObject({ code: 'cancelled' });
      expectNothingCommitted(outcome);
    });
  });
};
