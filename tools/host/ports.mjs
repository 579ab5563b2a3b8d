/** TCP ports on the loopback interface. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

import { Plain } from './stop-with-sentence.mjs';

/** The port that `PORT` asks for, 3000 when it asks for none. */
export function wantedPort(value) {
  if (value === undefined || value === '') return 3000;
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Plain(`PORT is "${value}", but must be a number from 1 to 65535.`);
}

/** Whether something could listen on the port: `free`, `taken` or `forbidden` (below 1024 without the right). */
export async function portState(port) {
  for (const host of ['127.0.0.1', undefined]) {
    const code = await listenOnce(port, host);
    if (code === 'EACCES') return 'forbidden';
    if (code === 'EADDRINUSE') return 'taken';
  }
  return 'free';
}

/**
 * The preferred port when it is free, else any free one below those that systems give to outgoing connections, so that
 * it is likely to be free again at the next start.
 */
export async function freePort(preferred) {
  for (let port = preferred; ; port = randomInt(20_000, 32_000))
    if (port && (await portState(port)) === 'free') return port;
}

/** Throws one sentence when the gateway could not listen on the port. */
export async function requirePort(port) {
  const state = await portState(port);
  if (state === 'free') return;
  if (state === 'forbidden')
    throw new Plain(`You may not listen on port ${port}: choose one above 1023, e.g. PORT=3000.`);
  const who = (await answersAsFreshet(port)) ? 'another copy of Freshet' : 'another program';
  throw new Plain(
    `Port ${port} is taken by ${who}: stop that, or start here on another port and in another data folder, e.g. ` +
      `PORT=${port + 1} FRESHET_DATA_DIR=.freshet-${port + 1} npm start`,
  );
}

async function answersAsFreshet(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(1000) });
    return answer.ok;
  } catch {
    return false;
  }
}

function listenOnce(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
