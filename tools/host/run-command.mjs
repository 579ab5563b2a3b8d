/** Runs another program to its end. */
import { spawn } from 'node:child_process';

const running = new Set();

/** Ends what `run` has started and waits until it is gone, e.g. npm, which first clears up. */
export async function endCommands() {
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill();
  await Promise.all(ends);
}

/**
 * Resolves with `{code, output}`; the output (both streams) is kept, and the streams that `show` names are also written to the terminal.
 * A program that can't be started has code 127.
 */
export function run(command, args, { show = [], ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    running.add(child);
    let output = '';
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => {
        output += text;
        if (show.includes(name)) process.stdout.write(text);
      });
    }
    const end = (result) => {
      running.delete(child);
      resolve(result);
    };
    child.once('error', (error) => end({ code: 127, output: error.message }));
    child.once('close', (code, signal) => end({ code: code ?? `signal ${signal}`, output }));
  });
}

export const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');
