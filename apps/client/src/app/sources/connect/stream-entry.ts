/** A table or query of a database as the config of a source names it: an entry of its `streams`. Pure. */
import type { DiscoverResult } from '@freshet/contracts';
import type { ApiProblem } from '../../api/api-problem';

export type StreamEntry = Readonly<Record<string, unknown>>;
export type FoundStream = DiscoverResult['streams'][number];

/** As it stands in the form. */
export interface TypedEntry {
  name: string;
  query: string;
  key: string;
  cursor: string;
  /** Empty: what follows from key and cursor. */
  mode: string;
}

export const emptyEntry: TypedEntry = { name: '', query: '', key: '', cursor: '', mode: '' };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter(Boolean) : []);

export const isQuery = ({ query }: StreamEntry): boolean => typeof query === 'string';

/** The name of its table here, as far as it can be told without asking the server. */
export const nameOf = ({ name, table }: StreamEntry): string =>
  text(name) || (text(table).split('.').at(-1) ?? '').replaceAll('"', '');

/** `orders` is `public.orders` where nothing else is said. */
const isTable = (short: string, long: string): boolean => short === long || long.endsWith(`.${short}`);

export const isSameTable = (a: StreamEntry, b: StreamEntry): boolean => {
  const [one, other] = [text(a['table']), text(b['table'])];
  return one !== '' && other !== '' && (isTable(one, other) || isTable(other, one));
};

export const entriesOf = (config: Readonly<Record<string, unknown>>): readonly StreamEntry[] =>
  Array.isArray(config['streams']) ? (config['streams'] as StreamEntry[]) : [];

export const typedEntry = (entry: StreamEntry): TypedEntry => ({
  name: nameOf(entry),
  query: text(entry['query']),
  key: texts(entry['key']).join(', '),
  cursor: text(entry['cursor']),
  mode: text(entry['mode']),
});

/** What was typed, over what the entry says beside it. */
export const entryOf = (typed: TypedEntry, before: StreamEntry | null): StreamEntry => {
  const { key: _key, cursor: _cursor, mode: _mode, ...others } = before ?? {};
  const { name, query, key, cursor, mode } = typed;
  const what = before && !isQuery(before) ? others : { ...others, name: name.trim(), query: query.trim() };
  const columns = key.split(',').map((column) => column.trim());
  return {
    ...what,
    key: columns.filter(Boolean),
    ...(cursor.trim() && { cursor: cursor.trim() }),
    ...(mode && { mode }),
  };
};

const modes: Readonly<Record<string, string>> = {
  append: 'rows are only added',
  upsert: 'rows are updated by key',
  'replace-all': 'all rows are replaced',
};

/** `public.orders · key id · read on by updated_at`; a query itself is not told. */
export const howRead = (entry: StreamEntry): string => {
  const { key, cursor, mode } = typedEntry(entry);
  const parts = [
    text(entry['table']),
    key ? `key ${key}` : 'no key',
    cursor ? `read on by ${cursor}` : 'read whole',
    modes[mode] ?? '',
  ];
  return parts.filter(Boolean).join(' · ');
};

export interface EntryChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

const content = (entry: StreamEntry): string =>
  JSON.stringify(Object.entries(entry).sort(([a], [b]) => a.localeCompare(b)));

/** By name; their order says nothing. */
export const entryChanges = (before: readonly StreamEntry[], after: readonly StreamEntry[]): EntryChanges => {
  const was = new Map(before.map((entry) => [nameOf(entry), content(entry)]));
  const is = new Map(after.map((entry) => [nameOf(entry), content(entry)]));
  const names = [...is.keys()];
  return {
    added: names.filter((name) => !was.has(name)),
    changed: names.filter((name) => was.has(name) && was.get(name) !== is.get(name)),
    removed: [...was.keys()].filter((name) => !is.has(name)),
  };
};

export const areChanged = (before: readonly StreamEntry[], after: readonly StreamEntry[]): boolean =>
  Object.values(entryChanges(before, after)).some((names) => names.length > 0);

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** What a person is told once the changes are saved. @param isStopped whether a sync was under way, which a removal ends */
export const whatNext = ({ added, changed, removed }: EntryChanges, isStopped = false): string => {
  const reads = [
    ...(added.length > 0 ? [`${listed(added)} for the first time`] : []),
    ...(changed.length > 0 ? [`${listed(changed)} anew, as changed`] : []),
  ];
  return [
    'Saved.',
    ...(reads.length > 0 ? [`The next sync reads ${reads.join(', and ')}.`] : []),
    ...(changed.length > 0
      ? [`Until then ${changed.length === 1 ? 'its' : 'their'} rows stay as they are.`]
      : []),
    ...(removed.length > 0 ? [`${listed(removed)} ${removed.length === 1 ? 'was' : 'were'} removed.`] : []),
    ...(isStopped ? ['The sync under way was stopped.'] : []),
  ].join(' ');
};

/** Said when somebody saves while an entry is being written. */
export const unfinished = {
  message: 'A table or query is still being changed.',
  action: 'Finish or cancel that first.',
};

/** What the server finds wrong with an entry, beginning with its name; null when it is about something else. */
export const entryTrouble = (
  { errors }: Pick<ApiProblem, 'errors'>,
  entries: readonly StreamEntry[],
): { message: string; action: null } | null => {
  const error = errors.find(({ path }) => /^config\.streams(\.|$)/.test(path));
  if (!error) return null;
  const entry = entries[Number(error.path.split('.')[2])];
  return { message: entry ? `${nameOf(entry)}: ${error.message}` : error.message, action: null };
};
