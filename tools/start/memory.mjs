/**
 * What services are told about memory, in memory.json, which the tests' own starter reads too.
 *
 * V8 lets garbage grow with the machine's memory: a sync of 300,000 rows, with some 75 MB alive, had 490 MB at most on 24 GB. With these a
 * sync stays below 300 MB however many rows there are, for a quarter more of processor time. 384 MB is a limit that four large syncs at
 * once do not come near; what matters is that V8 collects earlier the lower it is. glibc keeps what threads have freed in an arena for each
 * thread, 10 to 30 MB with eight of them. Other services have no such work.
 */
import { readFileSync } from 'node:fs';

const limits = JSON.parse(readFileSync(new URL('memory.json', import.meta.url), 'utf8'));

/** Variables for one service. What the person has said stands: of an option that is given twice, Node takes the last. */
export function memoryEnv(name, own = process.env) {
  const { NODE_OPTIONS, ...others } = limits[name] ?? {};
  const options = [NODE_OPTIONS, own.NODE_OPTIONS].filter(Boolean).join(' ');
  const kept = Object.entries(others).map(([variable, value]) => [variable, own[variable] ?? value]);
  return { ...Object.fromEntries(kept), ...(options && { NODE_OPTIONS: options }) };
}
