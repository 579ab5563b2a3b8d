/** What happens between a service and its servers: lost replies, resets, black holes, slow and cut connections. */
import { setTimeout as moment } from 'node:timers/promises';
import type { FaultProxy, ProxyMode } from '@freshet/testing';
import { pick } from '../../harness/random';
import type { Part } from '../disturbances';
import { lease } from '../installation';
import type { SupervisedService } from '../supervised-service';
import type { Fault, FaultParts } from './fault';

/** A service waits at most so long for the commit or enqueue whose reply is lost. */
const dropWithin = 6_000;

const anyService = ({ installation, random }: FaultParts): SupervisedService =>
  installation.services[pick(random, installation.services.length)] as SupervisedService;

const dropReply = async (
  parts: FaultParts,
  of: 'commit' | 'enqueue',
  service: SupervisedService,
): Promise<string> => {
  const proxy = of === 'commit' ? service.postgres : service.redis;
  const happened = await parts.disturbances.during(service.name, () =>
    proxy.dropReply(AbortSignal.timeout(dropWithin)),
  );
  if (happened) parts.findings.count(`dropped ${of}`);
  return happened ? service.name : `${service.name} made none`;
};

export const dropCommit: Fault = (parts) => dropReply(parts, 'commit', anyService(parts));

export const dropEnqueue: Fault = (parts) => {
  const enqueuing = parts.installation.services.filter(({ name }) => name !== 'sync');
  return dropReply(parts, 'enqueue', enqueuing[pick(parts.random, enqueuing.length)] as SupervisedService);
};

export const resetConnections: Fault = async (parts) => {
  const { disturbances, findings, random } = parts;
  const service = anyService(parts);
  const [name, proxy] = eitherProxy(parts, service);
  disturbances.begin(service.name)();
  const broken =
    pick(random, 2) === 0
      ? proxy.resetAll()
      : (proxy.connections[pick(random, proxy.connections.length)]?.reset(), 1);
  findings.count('connections reset', broken);
  return `${broken} of ${service.name} to ${name}`;
};

const eitherProxy = (
  { random }: FaultParts,
  service: SupervisedService,
): ['PostgreSQL' | 'Redis', FaultProxy] =>
  pick(random, 2) ? ['PostgreSQL', service.postgres] : ['Redis', service.redis];

const inMode = async (parts: FaultParts, mode: ProxyMode, milliseconds: number): Promise<string> => {
  const service = anyService(parts);
  const [name, proxy] = eitherProxy(parts, service);
  const part: Part = service.name;
  parts.findings.count(`network ${mode.kind}`);
  await parts.disturbances.during(part, async () => {
    await proxy.setMode(mode);
    await moment(milliseconds);
    await proxy.setMode({ kind: 'pass' });
  });
  return `${service.name} to ${name} for ${milliseconds} ms`;
};

/** Longer than the lease at times: others take over what this service still believes to hold. */
export const blackHole: Fault = (parts) =>
  inMode(parts, { kind: 'blackhole' }, 500 + pick(parts.random, 2 * lease));

export const refuse: Fault = (parts) => inMode(parts, { kind: 'refuse' }, 500 + pick(parts.random, 3_000));

export const reset: Fault = (parts) => inMode(parts, { kind: 'reset' }, 200 + pick(parts.random, 2_000));

export const slow: Fault = (parts) =>
  inMode(
    parts,
    pick(parts.random, 2)
      ? { kind: 'delay', milliseconds: 20 + pick(parts.random, 150) }
      : { kind: 'throttle', bytesPerSecond: 20_000 },
    1_000 + pick(parts.random, 3_000),
  );

export const cut: Fault = (parts) =>
  inMode(
    parts,
    {
      kind: 'cut',
      afterBytes: pick(parts.random, 20_000),
      direction: pick(parts.random, 2) ? 'up' : 'down',
    },
    1_000 + pick(parts.random, 2_000),
  );
