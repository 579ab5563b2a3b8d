/** Compares what a run brought with the same weekday before, and says of which streams a person should decide (spec SY14). */
import { suspectVolume, suspicionSentence } from '@freshet/domain';
import { defaults } from '@freshet/contracts';
import { loadVolumes, type ClaimedRun, type HeldStream, type Sql } from '@freshet/persistence';

/** Only a run that read what is new tells of a volume that is usual. */
const isNormal = ({ request }: ClaimedRun): boolean =>
  !request.full && !request.window && !request.replay && !request.hooks;

export const judgeVolumes = async (
  sql: Sql,
  run: ClaimedRun,
  { now, incremental }: { now: Date; incremental: readonly string[] },
): Promise<HeldStream[]> => {
  if (!isNormal(run)) return [];
  const { days } = defaults.sync.silentFailure;
  const volumes = await loadVolumes(sql, { runId: run.id, now, incremental, days });
  return volumes.flatMap(({ streamId, name, timeZone, received, earlier }) => {
    const suspicion = suspectVolume(received, earlier);
    if (!suspicion) return [];
    const weekday = new Intl.DateTimeFormat('en', { timeZone, weekday: 'long' }).format(now);
    return [{ streamId, why: suspicionSentence(suspicion, { received, stream: name, weekday }) }];
  });
};
