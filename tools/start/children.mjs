/**
 * The processes of one start. Each is recorded in `<data folder>/processes.json` before anything else happens, so
 * that the next start can end what a killed one left; each that ends by itself is started again.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { endProcess, identify, isRunning } from '../host/process-identity.mjs';
import { say } from '../host/progress.mjs';
import { readJson, writeJson } from './remembered.mjs';

const LONGEST_PAUSE = 30_000;
const LOG_LIMIT = 10 * 1024 ** 2;

export class Children {
  #file;
  #logs;
  #running = new Map();
  #stopping = false;

  constructor({ folder, logs }) {
    this.#file = path.join(folder, 'processes.json');
    this.#logs = logs;
  }

  /** Ends what an earlier start left behind, in the same order of groups as `stopAll`. Returns the names it found. */
  async sweep(groups) {
    const left = (readJson(this.#file) ?? []).filter(isRunning);
    for (const names of [...groups, left.map(({ name }) => name)]) {
      const group = left.filter(({ name }) => names.includes(name));
      await Promise.all(group.map((child) => endProcess(child, child.signal, 15_000)));
    }
    rmSync(this.#file, { force: true });
    return left.map(({ name }) => name);
  }

  /**
   * Starts a process in a group of its own, so that Ctrl-C ends it in good order through `stopAll`.
   * @param child {name, command, args, options, signal: how to end it, revive: called after each new start}
   */
  start(child) {
    if (this.#stopping) throw new Error(`${child.name} is not started, since everything is being stopped.`);
    const log = this.logOf(child.name);
    const handle = openSync(log, 'a', 0o600);
    const running = spawn(child.command, child.args, {
      ...child.options,
      stdio: ['ignore', handle, handle],
      detached: true,
    });
    closeSync(handle);
    const entry = { ...child, process: running, since: Date.now(), failures: child.failures ?? 0, log };
    entry.ended = new Promise((resolve) => {
      running.once('error', (error) => resolve({ why: error.message }));
      running.once('exit', (code, signal) => resolve({ why: signal ? `signal ${signal}` : `code ${code}` }));
    });
    entry.identity = running.pid && identify(running.pid);
    this.#running.set(child.name, entry);
    this.#record();
    entry.ended.then(({ why }) => this.#afterEnd(entry, why));
    return entry;
  }

  /** Where a child's output goes; a log beyond 10 MB is set aside first. */
  logOf(name) {
    const log = path.join(this.#logs, `${name}.log`);
    if (existsSync(log) && statSync(log).size > LOG_LIMIT) renameSync(log, `${log}.1`);
    return log;
  }

  /** From now on this child is started again when it ends by itself. */
  supervise(name) {
    const entry = this.#running.get(name);
    if (entry) entry.supervised = true;
  }

  /** Ends one child and starts it again, once it is ready. */
  async restart(name) {
    const entry = this.#running.get(name);
    await this.stop(name);
    const next = this.start({ ...entry, failures: 0 });
    next.supervised = true;
    await next.ready?.(next);
  }

  /** Ends one child for good. */
  async stop(name, grace = 10_000) {
    const entry = this.#running.get(name);
    if (!entry) return;
    entry.supervised = false;
    if (entry.identity) await endProcess(entry.identity, entry.signal, grace);
    this.#running.delete(name);
    this.#record();
  }

  /** Ends all in groups, one group after the other, those of a group together. */
  async stopAll(groups, grace) {
    this.#stopping = true;
    for (const names of groups) await Promise.all(names.map((name) => this.stop(name, grace)));
    for (const name of [...this.#running.keys()].reverse()) await this.stop(name, grace);
  }

  async #afterEnd(entry, why) {
    if (this.#stopping || !entry.supervised || this.#running.get(entry.name) !== entry) return;
    const failures = Date.now() - entry.since > 60_000 ? 1 : entry.failures + 1;
    const pause = Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE);
    say(
      `! ${entry.name} ended unexpectedly (${why}); starting it again in ${pause / 1000} s. Its log: ${entry.log}`,
    );
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (this.#stopping || this.#running.get(entry.name) !== entry) return;
    const next = this.start({ ...entry, failures });
    next.supervised = true;
    try {
      await next.ready?.(next);
      if (this.#running.get(entry.name) === next) say(`✓ ${entry.name} works again`);
    } catch {
      // It ended again: its own end starts the next attempt.
    }
  }

  #record() {
    const rows = [...this.#running.values()].map(({ name, identity, signal }) => ({
      name,
      signal,
      ...identity,
    }));
    writeJson(this.#file, rows);
  }
}
