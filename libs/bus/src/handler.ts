/** How a service says which jobs it carries out, and the check at boot that each has exactly one handler. */
import { SetMetadata } from '@nestjs/common';
import type { JobData, JobName, QueueName } from '@freshet/contracts';
import { jobs } from '@freshet/contracts';

const handlesMetadata = 'freshet:handles';

/** What a handler is told about the delivery besides the job's data. */
export interface Delivery {
  /** 1 for the first; more when a stalled job came back. */
  attempt: number;
  /** Aborted when the process shuts down: stop at the next safe place. */
  signal: AbortSignal;
}

/** A provider decorated by `@Handles(name)`. It must be safe to run again: a job may come twice. */
export interface JobHandler<N extends JobName> {
  handle(data: JobData<N>, delivery: Delivery): Promise<string | void>;
}

export const Handles = (name: JobName) => SetMetadata(handlesMetadata, name);

type AnyHandler = JobHandler<JobName>;

/** @throws when a job of a consumed queue has no handler or two: a service must not boot so */
export const collectHandlers = (
  providers: readonly object[],
  consumed: readonly QueueName[],
): Map<JobName, AnyHandler> => {
  const handlers = new Map<JobName, AnyHandler>();
  for (const provider of providers) {
    const name = Reflect.getMetadata(handlesMetadata, provider.constructor) as JobName | undefined;
    if (!name) continue;
    if (handlers.has(name)) throw new Error(`Two handlers carry out the job ${name}; there must be one.`);
    handlers.set(name, provider as AnyHandler);
  }
  const names = Object.keys(jobs) as JobName[];
  const missing = names.filter((name) => consumed.includes(jobs[name].queue) && !handlers.has(name));
  if (missing.length)
    throw new Error(`No handler carries out ${missing.join(', ')}, though its queue is consumed.`);
  return handlers;
};
