/** Tells whether a recorded process still runs, so that a reused pid is never mistaken for it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** `{pid, startedAt}` of a running process; undefined when there is none. */
export function identify(pid) {
  const startedAt = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return startedAt ? { pid, startedAt } : undefined;
}

export const isRunning = (recorded) => identify(recorded.pid)?.startedAt === recorded.startedAt;

/** This boot's id with the start time in ticks since boot, field 22 of proc_pid_stat(5). A zombie counts as ended. */
function fromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The command line of a process in one string; empty when there is none. */
export function commandLineOf(pid) {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'args=', '-ww', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** Sends the signal and waits; after `grace` milliseconds sends SIGKILL. Only ever to the very process recorded. */
export async function endProcess(recorded, signal, grace) {
  if (!isRunning(recorded)) return;
  send(recorded.pid, signal);
  for (const last of [Date.now() + grace, Date.now() + grace + 5000]) {
    while (isRunning(recorded) && Date.now() < last) await new Promise((resolve) => setTimeout(resolve, 25));
    if (!isRunning(recorded)) return;
    send(recorded.pid, 'SIGKILL');
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
