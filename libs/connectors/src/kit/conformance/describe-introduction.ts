/** How a connector describes itself, and whether it says what it is asked. */
import type { ConnectorUnderTest, Started } from './connector-under-test';
import type { WithTrial } from './describe-connector';
import { can } from './faults-of';

export const describeIntroduction = <S extends Started>(
  subject: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  const { connector } = subject;

  it('describes itself by JSON Schemas', () => {
    const { spec } = connector;
    expect(spec.config).toMatchObject({ type: 'object' });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec.type).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(spec.description).toMatch(/\.$/);
    expect(spec.oauth !== null).toBe(spec.auth === 'oauth2');
  });

  it(
    'takes its own config and credentials, and refuses others by field',
    withTrial(async ({ source: [config, credentials] }) => {
      expect(() => connector.parseConfig(config)).not.toThrow();
      expect(() => connector.parseCredentials(credentials)).not.toThrow();
      expect(() => connector.parseConfig(42)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    }),
  );

  it(
    'names streams that can be loaded as they say',
    withTrial(async ({ standIn, source: [config] }) => {
      const specs = connector.streams(config);
      expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
      for (const { name } of standIn.streams) expect(specs.map((spec) => spec.name)).toContain(name);
      for (const { mode, key, cursor, slicing, description } of specs) {
        if (mode === 'upsert' || mode === 'replace-window') expect(key).not.toEqual([]);
        if (mode === 'replace-window') {
          expect(cursor).not.toBeNull();
          expect(slicing).not.toBeNull();
        }
        if (slicing) expect(slicing.mostDays).toBeGreaterThanOrEqual(slicing.days);
        expect(description).toMatch(/\S.*\.$/);
      }
    }),
  );

  it(
    'names its streams without asking the vendor, as discovery does',
    withTrial(async (trial) => {
      const [config, credentials] = trial.source;
      const discovered = await connector.discover(config, credentials, trial.context());
      const specs = connector.streams(config);
      const named = discovered.map(({ columns: _columns, sample: _sample, ...spec }) => spec);
      for (const spec of specs) expect(named).toContainEqual(spec);
      for (const { columns, sample, key, cursor } of discovered) {
        const names = columns.map((column) => column.name);
        expect(names).toEqual(expect.arrayContaining(cursor === null ? key : [...key, cursor]));
        expect(names.length).toBeGreaterThan(0);
        for (const row of sample) expect(row).toHaveLength(columns.length);
      }
    }),
  );

  it(
    'passes its check',
    withTrial(async (trial) => {
      const { ok, checks } = await connector.check(...trial.source, trial.context());
      expect({ ok, failed: checks.filter((step) => !step.ok) }).toEqual({ ok: true, failed: [] });
      expect(checks.length).toBeGreaterThan(0);
      for (const { message } of checks) expect(message).toMatch(/\.$/);
    }),
  );

  it(
    'gives an account whose days exist, or none',
    withTrial(async (trial) => {
      const account = await connector.account(...trial.source, trial.context());
      const { account: expected } = trial.standIn;
      if (expected !== undefined) expect(account).toEqual(expected && expect.objectContaining(expected));
      if (account) expect(() => new Intl.DateTimeFormat('en', { timeZone: account.timeZone })).not.toThrow();
      const { currency } = account ?? { currency: null };
      if (currency !== null) expect(currency).toMatch(/^[A-Z]{3}$/);
    }),
  );

  if (can(subject, 'status')) {
    it(
      'says in its check what is wrong and what to do',
      withTrial(async (trial) => {
        trial.standIn.fail({ kind: 'status', status: 403 });
        const { ok, checks } = await connector.check(...trial.source, trial.context());
        expect(ok).toBe(false);
        expect(checks.find((step) => !step.ok)?.message).toMatch(/[.!?] .+\.$/);
      }),
    );
  }
};
