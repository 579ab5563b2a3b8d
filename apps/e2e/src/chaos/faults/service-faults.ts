/** Services that die, at any moment or at a named place, and services that stand still for longer than their lease. */
import { failpointNames, type FailpointName } from '@freshet/service-kit';
import { waitFor } from '@freshet/testing';
import { pick, type Random } from '../../harness/random';
import type { ServiceName } from '../../harness/use-freshet';
import { lease } from '../installation';
import type { SupervisedService } from '../supervised-service';
import type { Fault, FaultParts } from './fault';

/** Where most of the work is, most die. */
const victims: ServiceName[] = [
  'refresh',
  'refresh',
  'refresh',
  'sync',
  'sync',
  'sync',
  'scheduler',
  'gateway',
];

/** Which service visits a failpoint, by the first word of its name. */
const visitors: Record<string, ServiceName> = {
  sync: 'sync',
  load: 'sync',
  dispatch: 'refresh',
  refresh: 'refresh',
  'publish-set': 'refresh',
  schedule: 'scheduler',
  net: 'scheduler',
  http: 'gateway',
};

const pointsOf = (service: ServiceName): FailpointName[] =>
  (Object.keys(failpointNames) as FailpointName[]).filter(
    (point) => visitors[point.split('.')[0] ?? ''] === service,
  );

/** The one that is drawn, or, while that is still starting, the next in the row that works. */
const victim = async ({ installation, random }: FaultParts): Promise<SupervisedService> => {
  const drawn = pick(random, victims.length);
  const row = [...victims.slice(drawn), ...victims.slice(0, drawn)].map((name) => installation.service(name));
  return waitFor(() => row.find((service) => service.isAtWork), {
    timeout: 120_000,
    interval: 50,
    what: 'any service to be at work',
  });
};

/** How long a dead service stays away, in milliseconds. */
const pause = (random: Random): number => pick(random, 4) * 400;

export const kill: Fault = async (parts) => {
  const service = await victim(parts);
  await killIt(parts, service);
  return service.name;
};

const killIt = async ({ findings, shock, random }: FaultParts, service: SupervisedService): Promise<void> => {
  findings.count(`kills ${service.name}`);
  shock(`kill ${service.name}`);
  await service.kill(pause(random));
};

/** The kill that comes first is needed to arm it; both count. */
export const killAtPoint: Fault = async (parts) => {
  const { random, findings, shock } = parts;
  const service = await victim(parts);
  // One that waits for a place that is seldom visited is left to wait.
  if (service.isArmed && pick(random, 3)) return `${service.name} waits already`;
  const points = pointsOf(service.name);
  const point = points[pick(random, points.length)] as FailpointName;
  const visit = 1 + pick(random, 3);
  findings.count(`kills ${service.name}`);
  shock(`kill ${service.name}`);
  await service.kill(pause(random), { point, visit });
  return `${service.name} at ${point}, visit ${visit}`;
};

export const freeze: Fault = async (parts) => {
  const service = await victim(parts);
  const milliseconds = lease + 500 + pick(parts.random, 3_000);
  parts.findings.count(`stops ${service.name}`);
  parts.shock(`stop ${service.name}`);
  await service.freeze(milliseconds);
  return `${service.name} for ${milliseconds} ms`;
};
