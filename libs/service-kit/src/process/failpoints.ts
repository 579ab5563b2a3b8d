/** Named places at which a test can kill, delay or fail a process: `FRESHET_FAILPOINTS="load.before-commit=kill@3,refresh.after-slot=delay:200"`. */
import { setTimeout as delay } from 'node:timers/promises';
import { failpointNames, isFailpointName, type FailpointName } from './failpoint-names';

type Fault = { kind: 'kill' } | { kind: 'throw' } | { kind: 'delay'; milliseconds: number };
interface Failpoint {
  fault: Fault;
  /** From which visit on it strikes; kills and throws strike only once. */
  from: number;
  visits: number;
}

let armed: Map<FailpointName, Failpoint> | undefined;

/**
 * Arms the failpoints of a text: `name=kill`, `name=throw` or `name=delay:<ms>`, separated by commas, each with
 * `@<n>` when it is to strike at the n-th visit only (delays: from it on). No text disarms all. Throws when the text can't be
 * read or names a place that is not in the catalogue, since such a fault would never strike.
 */
export function armFailpoints(text: string | undefined): void {
  armed = text ? new Map(text.split(',').map(parse)) : undefined;
}

/** To be awaited where a test may want trouble. Costs nothing while nothing is armed. */
export function failpoint(name: FailpointName): Promise<void> | undefined {
  return armed && strike(name, armed.get(name));
}

async function strike(name: FailpointName, point: Failpoint | undefined): Promise<void> {
  if (!point) return;
  point.visits += 1;
  if (point.fault.kind === 'delay') {
    if (point.visits >= point.from) await delay(point.fault.milliseconds);
    return;
  }
  if (point.visits !== point.from) return;
  if (point.fault.kind === 'throw') throw new Error(`Failpoint ${name}`);
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives a moment later: nothing after this place may happen before.
  await new Promise(() => undefined);
}

function parse(text: string): [FailpointName, Failpoint] {
  const match = /^\s*([\w.-]+)=(kill|throw|delay:(\d+))(?:@(\d+))?\s*$/.exec(text);
  const [, name, what, milliseconds, from] = match ?? [];
  if (!name || !what)
    throw new Error(
      `FRESHET_FAILPOINTS holds something that is not name=kill, name=throw or name=delay:<ms>.`,
    );
  if (!isFailpointName(name))
    throw new Error(
      `FRESHET_FAILPOINTS names ${name}, which is no failpoint: choose from ${Object.keys(failpointNames).join(', ')}.`,
    );
  const fault: Fault =
    milliseconds !== undefined
      ? { kind: 'delay', milliseconds: Number(milliseconds) }
      : { kind: what as 'kill' | 'throw' };
  return [name, { fault, from: Number(from ?? 1), visits: 0 }];
}
