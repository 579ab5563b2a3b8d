import { iconPaths } from '../theme/icons';
import {
  cascadeItemStatus,
  modelStatus,
  refreshStatus,
  runStatus,
  sourceStatus,
  statuses,
} from './vocabulary';

const fault = (code: string) => ({ code, message: '', action: null });

describe('the status vocabulary', () => {
  it('gives every state an icon that exists and a word, so that none is told by colour alone', () => {
    for (const { icon, word } of Object.values(statuses)) {
      expect(iconPaths[icon]).toMatch(/^M/);
      expect(word).not.toBe('');
    }
  });

  it('gives no two states the same icon and word', () => {
    const seen = Object.values(statuses).map(({ icon, word }) => `${icon} ${word}`);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('lets only what needs a person shout', () => {
    const loud = Object.entries(statuses)
      .filter(([, status]) => status.tone === 'danger')
      .map(([name]) => name);
    expect(loud).toEqual(['held', 'needs-you', 'reconnect']);
  });

  it.each([
    [{ status: 'idle', freshness: 'late', activeRunId: null }, 'late'],
    [{ status: 'idle', freshness: 'late', activeRunId: 'r1' }, 'queued'],
    [{ status: 'running', freshness: 'fresh', activeRunId: 'r1' }, 'running'],
    [{ status: 'waiting', freshness: 'stale', activeRunId: 'r1' }, 'waiting'],
    [{ status: 'failed', freshness: 'fresh', activeRunId: null }, 'needs-you'],
    [{ status: 'needs_reconnect', freshness: 'fresh', activeRunId: null }, 'reconnect'],
    [{ status: 'paused', freshness: 'fresh', activeRunId: null }, 'paused'],
  ] as const)('tells the source %j as %s', (source, status) => {
    expect(sourceStatus(source)).toBe(status);
  });

  it.each([
    [{ status: 'completed', held: false, error: null }, 'completed'],
    [{ status: 'completed', held: true, error: null }, 'held'],
    [{ status: 'failed', held: false, error: fault('source_unreachable') }, 'will-retry'],
    [{ status: 'failed', held: false, error: fault('source_unauthorized') }, 'needs-you'],
    [{ status: 'skipped', held: false, error: null }, 'skipped'],
  ] as const)('tells the run %j as %s', (run, status) => {
    expect(runStatus(run)).toBe(status);
  });

  it.each([
    [{ status: 'IDLE', freshness: 'never', error: null, version: null }, 'not-built'],
    [{ status: 'COMPLETED', freshness: 'stale', error: null, version: 2 }, 'stale'],
    [{ status: 'REFRESHING', freshness: 'stale', error: null, version: 2 }, 'refreshing'],
    [{ status: 'FAILED', freshness: 'late', error: fault('guard_failed'), version: 2 }, 'needs-you'],
  ] as const)('tells the model %j as %s', (model, status) => {
    expect(modelStatus(model)).toBe(status);
  });

  it('tells a refresh that published from one whose result was the same, was kept aside, or was only tried', () => {
    const done = { kind: 'live', status: 'COMPLETED', published: false, version: 3, error: null } as const;
    expect(refreshStatus({ ...done, published: true })).toBe('published');
    expect(refreshStatus({ ...done, version: null })).toBe('unchanged');
    expect(refreshStatus({ ...done, status: 'RUNNING' })).toBe('refreshing');
    expect(refreshStatus(done)).toBe('shadow');
    expect(refreshStatus({ ...done, kind: 'dry' })).toBe('dry-run');
  });

  it('tells the items of a cascade', () => {
    expect(
      (['waiting', 'running', 'built', 'published', 'unchanged', 'skipped', 'failed'] as const).map(
        cascadeItemStatus,
      ),
    ).toEqual(['queued', 'refreshing', 'built', 'published', 'unchanged', 'skipped', 'needs-you']);
  });
});
