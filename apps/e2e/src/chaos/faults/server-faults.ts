/** PostgreSQL that crashes and recovers, Redis that dies, forgets everything, or forgets only the last it wrote. */
import { setTimeout as moment } from 'node:timers/promises';
import { pick } from '../../harness/random';
import type { Part } from '../disturbances';
import type { Fault, FaultParts } from './fault';

const broken = (part: Part, parts: FaultParts, fault: Fault): Promise<string> =>
  parts.disturbances.inTurn(part, () => parts.disturbances.during(part, () => fault(parts)));

export const stopPostgres: Fault = (parts) =>
  broken('postgres', parts, async ({ installation: { postgres }, findings, random, shock }) => {
    findings.count('PostgreSQL stops');
    shock('PostgreSQL stop');
    await postgres.stopImmediately();
    const away = pick(random, 4) * 500;
    await moment(away);
    await postgres.restart();
    return `away for ${away} ms`;
  });

export const killRedis: Fault = (parts) => redisIsLost(parts, async () => 'all is there again');

export const loseRedisTail: Fault = (parts) =>
  redisIsLost(parts, async ({ installation, random }) => {
    const lost = installation.redis.loseTail(1 + pick(random, 20_000));
    return `${lost} bytes of its file are lost`;
  });

/** @param between what happens while it is away */
const redisIsLost = (parts: FaultParts, between: Fault): Promise<string> =>
  broken('redis', parts, async ({ installation, findings, random, shock }) => {
    findings.count('Redis losses');
    shock('Redis loss');
    await installation.redis.kill9();
    const what = await between(parts);
    await moment(pick(random, 4) * 400);
    await installation.redis.restart();
    return what;
  });

export const flushRedis: Fault = ({ disturbances, installation, findings, shock }) =>
  disturbances.inTurn('redis', async () => {
    findings.count('Redis losses');
    shock('Redis flush');
    await installation.redis.flushAll();
    return 'it is empty';
  });
