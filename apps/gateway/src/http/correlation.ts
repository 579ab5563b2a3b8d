/** The correlation id of a call, which travels on into the jobs that the call causes. */
import type { Request } from 'express';
import type {} from 'pino-http';

export const correlationOf = ({ id }: Request): string => (typeof id === 'string' ? id : crypto.randomUUID());
