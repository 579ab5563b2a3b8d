import { mixedGenerations, type Contained } from './mixed-generations';

const contained = (name: string, more: Partial<Contained>): Contained => ({
  input: 0,
  streamId: '1',
  sourceId: '3',
  revision: 10,
  runId: '5',
  completedAt: '2026-01-01T00:00:00.000Z',
  nextRunId: null,
  openRunId: null,
  provisionalFrom: null,
  warnings: [],
  name,
  modelId: name,
  sourceName: 'ga',
  ...more,
});

describe('what is shown together', () => {
  it('is not mixed when all of it contains the same run', () => {
    expect(mixedGenerations([])).toBeNull();
    expect(mixedGenerations([contained('a', {}), contained('b', {})])).toBeNull();
  });

  it('is mixed when one model contains a stream as a later run left it', () => {
    const mixed = mixedGenerations([
      contained('daily', { nextRunId: '6' }),
      contained('weekly', { revision: 11, runId: '6' }),
    ]);
    expect(mixed?.sentence).toContain('ga are shown together: daily contains run 5, weekly contains run 6.');
    expect(mixed?.sources).toEqual([
      {
        sourceId: '3',
        runs: [
          { runId: '5', models: ['daily'] },
          { runId: '6', models: ['weekly'] },
        ],
      },
    ]);
  });

  it('is not mixed by a run that left the other stream alone', () => {
    const visits = contained('daily', { streamId: '1', runId: '5' });
    expect(mixedGenerations([visits, contained('costs', { streamId: '2', runId: '6' })])).toBeNull();
  });

  it('is mixed by another stream of a run that changed this one too', () => {
    const visits = contained('daily', { streamId: '1', runId: '5', nextRunId: '6' });
    expect(mixedGenerations([visits, contained('costs', { streamId: '2', runId: '6' })])).not.toBeNull();
  });

  it('is not mixed by a later run that nothing shown contains', () => {
    expect(
      mixedGenerations([contained('a', { nextRunId: '6' }), contained('b', { nextRunId: '6' })]),
    ).toBeNull();
  });

  it('is mixed by rows of a run that is still under way', () => {
    const mixed = mixedGenerations([
      contained('daily', { openRunId: '6' }),
      contained('ga.traffic', { revision: 11, openRunId: '6', modelId: null }),
    ]);
    expect(mixed?.sentence).toContain(
      'daily contains run 5, ga.traffic contains a part of run 6 that is not complete.',
    );
    expect(mixed?.sources[0]?.runs).toEqual([
      { runId: '5', models: ['daily'] },
      { runId: '6', models: [] },
    ]);
  });

  it('is mixed when one model alone contains a stream twice, at different revisions', () => {
    const both = [contained('joined', { nextRunId: '6' }), contained('joined', { revision: 11, runId: '6' })];
    expect(mixedGenerations(both)?.sources[0]?.runs.map(({ runId }) => runId)).toEqual(['5', '6']);
  });

  it('tells sources apart', () => {
    const ads = { sourceId: '4', sourceName: 'ads', streamId: '9' };
    const mixed = mixedGenerations([
      contained('a', { nextRunId: '6' }),
      contained('b', { revision: 11, runId: '6' }),
      contained('a', { ...ads, runId: '2' }),
      contained('b', { ...ads, runId: '2' }),
    ]);
    expect(mixed?.sources.map(({ sourceId }) => sourceId)).toEqual(['3']);
  });
});
