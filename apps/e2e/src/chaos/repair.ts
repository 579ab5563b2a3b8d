/** What a person would do after a bad day: good data, everything switched on, pins released, everything synced. */
import { waitFor, type FileServer } from '@freshet/testing';
import { modelsOf } from './rest';
import type { LiveProject, LiveSource } from './set-up';

export const repair = async (project: LiveProject, files: FileServer): Promise<void> => {
  const { calls } = project;
  for (const { id, autoRefresh, pinned } of await modelsOf(project)) {
    if (!autoRefresh) await calls.call('updateModel', { params: { id }, body: { autoRefresh: true } });
    if (pinned) await calls.call('releaseModel', { params: { id } });
  }
  for (const source of project.sources) {
    source.file.change();
    files.serve(source.path, source.file.text);
    await syncAll(project, source);
  }
};

/** Another fault of the file server may still be waiting: a run that fails is asked for again. */
const syncAll = ({ calls }: LiveProject, { id, slug }: LiveSource): Promise<true> =>
  waitFor(
    async () => {
      const { runId } = await calls.call('startSync', { params: { id }, body: {} });
      const end = await waitFor(
        async () => {
          const run = await calls.call('getSyncRun', { params: { id: runId } });
          return ['completed', 'failed', 'cancelled', 'skipped'].includes(run.status) && run;
        },
        { timeout: 60_000, interval: 100, what: `run ${runId} to end` },
      );
      return end.status === 'completed';
    },
    { timeout: 90_000, what: `${slug} to be synced` },
  );
