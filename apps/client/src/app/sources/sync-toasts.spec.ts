import { TestBed } from '@angular/core/testing';
import { MatSnackBar } from '@angular/material/snack-bar';
import { aRun, aSource, noRecords } from '../../testing/examples';
import { FakeSocket, answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { LiveUpdates } from '../live/live-updates';
import { SyncToasts, outcome } from './sync-toasts';

const watching = async (): Promise<{ socket: FakeSocket; toast: jest.SpyInstance }> => {
  TestBed.configureTestingModule({ providers: clientWithoutNetwork() });
  TestBed.inject(SyncToasts);
  const socket = TestBed.inject(FakeSocket);
  socket.at = new Date().toISOString();
  TestBed.inject(LiveUpdates).follow('p1');
  socket.listener?.connected();
  await settle();
  return { socket, toast: jest.spyOn(TestBed.inject(MatSnackBar), 'open') };
};

describe('toasts at the end of a sync', () => {
  it('tell what a sync brought that a person asked for', async () => {
    const { socket, toast } = await watching();
    socket.send('sync:completed', { sourceId: 's1', runId: 'r1', changed: true });
    await settle();
    await answer(
      '/api/sync-runs/r1',
      aRun({ trigger: 'user', records: { ...noRecords, inserted: 40, updated: 1 } }),
    );
    await answer('/api/data-sources/s1', aSource());
    expect(toast.mock.lastCall?.[0]).toBe('GA main: 40 new rows, 1 changed row.');
  });

  it('keep silent about scheduled syncs that went well', async () => {
    const { socket, toast } = await watching();
    socket.send('sync:completed', { sourceId: 's1', runId: 'r1', changed: true });
    await settle();
    await answer('/api/sync-runs/r1', aRun({ trigger: 'schedule' }));
    expect(toast).not.toHaveBeenCalled();
  });

  it('keep silent about what happened while nobody was connected', async () => {
    const { socket, toast } = await watching();
    socket.at = '2020-01-01T00:00:00Z';
    socket.send('sync:failed', { sourceId: 's1', runId: 'r1' });
    await settle();
    expect(toast).not.toHaveBeenCalled();
  });

  it.each([
    [aRun(), 'nothing changed.'],
    [
      aRun({ records: { inserted: 1, updated: 0, unchanged: 5, deleted: 2, rejected: 3 } }),
      '1 new row, 2 rows gone, 3 rows rejected.',
    ],
    [
      aRun({
        status: 'failed',
        error: { code: 'source_not_found', message: 'There is no file.', action: null },
      }),
      'There is no file.',
    ],
  ])('put an outcome in words', (run, words) => {
    expect(outcome(run)).toBe(words);
  });
});
