import type { Refresh } from '@freshet/contracts';
import { guardSentence } from './guard-words';
import { bodyOf, changesBetween, emptyForm, nameProblem } from './model-form';
import { refreshSentence, rowDelta, rowsChanged } from './history/refresh-words';

describe('a model being written', () => {
  it('asks for nothing by rows that were left empty', () => {
    const body = bodyOf({
      ...emptyForm,
      name: ' daily ',
      guards: [
        { kind: 'unique', columns: [], severity: 'block' },
        { kind: 'not_empty', severity: 'block' },
      ],
      indexes: [
        { columns: [], unique: false },
        { columns: ['date'], unique: true },
      ],
    });
    expect(body).toMatchObject({
      name: 'daily',
      guards: [{ kind: 'not_empty' }],
      indexes: [{ columns: ['date'] }],
    });
  });

  it('needs a name that is one in SQL', () => {
    expect(nameProblem('daily_sessions')).toBeNull();
    expect(nameProblem('')).toBe('Give the model a name.');
    expect(nameProblem('Daily sessions')).toMatch(/small letters/);
  });

  it('says what somebody else changed', () => {
    expect(
      changesBetween(emptyForm, {
        ...emptyForm,
        sql: 'select 1',
        autoRefresh: false,
        guards: [{ kind: 'not_empty', severity: 'warn' }],
      }),
    ).toBe('the query, auto-refresh and the guards');
    expect(changesBetween(emptyForm, { ...emptyForm, sql: 'select 1' })).toBe('the query');
    expect(changesBetween(emptyForm, { ...emptyForm })).toBe('');
  });

  it('names guards it cannot edit', () => {
    expect(guardSentence({ kind: 'range', columns: ['roas'], min: 0, max: 50, severity: 'block' })).toBe(
      'Within a range: roas in 0 to 50',
    );
    expect(guardSentence({ kind: 'not_empty', severity: 'block' })).toBe('At least one row');
  });
});

describe('what became of a refresh', () => {
  const refresh = (change: Partial<Refresh>) => ({
    kind: 'live' as const,
    status: 'COMPLETED' as const,
    published: true,
    version: 19,
    rowsBefore: 18_940,
    rowsAfter: 18_952,
    rowsAdded: 12,
    rowsRemoved: 0,
    rowsChanged: 300,
    error: null,
    why: '',
    ...change,
  });

  it('tells version, rows and difference', () => {
    expect(refreshSentence(refresh({}))).toBe('published v19 with 18,952 rows (+12 ~300)');
    expect(refreshSentence(refresh({ published: false, version: null }))).toBe(
      'refreshed, the result is unchanged',
    );
    expect(refreshSentence(refresh({ published: false }))).toBe(
      'v19 with 18,952 rows (+12 ~300) was built and kept aside',
    );
    expect(refreshSentence(refresh({ kind: 'dry', published: false, version: null }))).toBe(
      'the dry run gave 18,952 rows (+12 ~300); nothing was kept',
    );
    expect(
      refreshSentence(
        refresh({
          status: 'FAILED',
          error: { code: 'guard_failed', message: '3 rows are there twice.', action: null },
        }),
      ),
    ).toBe('refresh failed. 3 rows are there twice.');
    expect(refreshSentence(refresh({ status: 'SKIPPED', why: 'Auto-refresh is off.' }))).toBe(
      'refresh skipped. Auto-refresh is off.',
    );
  });

  it('adds up changed rows, unless they were not counted', () => {
    expect(rowsChanged(refresh({}))).toBe(312);
    expect(rowsChanged(refresh({ rowsBefore: null }))).toBeNull();
    expect(rowsChanged({ rowsBefore: 7, rowsAdded: null, rowsRemoved: null, rowsChanged: null })).toBeNull();
    expect(rowDelta({ rowsAdded: 0, rowsRemoved: 3, rowsChanged: null })).toBe('−3');
  });
});
