/** Gives Redis: the one `REDIS_URL` names, else a server of this data folder with its data on disk. */
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';

import { freePort } from '../host/ports.mjs';
import { redisProgram } from '../host/redis-program.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { remember, remembered } from './remembered.mjs';
import { waitUntil } from './wait-until.mjs';

/** Starts or reaches Redis and returns its URL. Jobs must survive a restart and never be evicted. */
export async function provideRedis({ settings, children }) {
  if (settings.redisUrl) {
    const { hostname, port } = new URL(settings.redisUrl);
    if (!(await listens(hostname, Number(port || 6379))))
      throw new Plain(
        `REDIS_URL is set, but nothing answers at ${hostname}:${port || 6379}: start that Redis, or unset REDIS_URL.`,
      );
    return settings.redisUrl;
  }
  const program = await redisProgram();
  const data = path.join(settings.folder, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const port = await freePort(remembered(settings.folder).redisPort);
  remember(settings.folder, { redisPort: port });
  const ready = (started) => waitUntil(started, () => answersPing(port), 60_000);
  const entry = children.start({
    name: 'redis',
    ...commandOf(program, data, port),
    signal: 'SIGTERM',
    ready,
  });
  await ready(entry);
  return `redis://127.0.0.1:${port}`;
}

function commandOf(program, data, port) {
  const flags = (options) => Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const kept = { save: '', appendonly: 'yes', appendfsync: 'everysec', 'maxmemory-policy': 'noeviction' };
  if (program.kind === 'program')
    return {
      command: program.file,
      args: flags({ port, bind: '127.0.0.1', dir: data, ...kept }),
      options: { cwd: data },
    };
  const container = `freshet-redis-${port}`;
  const run = [
    'run',
    '--rm',
    '--name',
    container,
    '-p',
    `127.0.0.1:${port}:6379`,
    '-v',
    `${data}:/data`,
    program.image,
  ];
  return { command: 'docker', args: [...run, 'redis-server', ...flags(kept)], options: {} };
}

/** While it reads its data from disk, Redis listens already but answers LOADING. */
function answersPing(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('error', () => resolve(false));
    socket.once('data', (data) => {
      socket.end();
      resolve(data.toString().startsWith('+PONG'));
    });
  });
}

function listens(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 3000 }, () => {
      socket.end();
      resolve(true);
    });
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(false));
  });
}
