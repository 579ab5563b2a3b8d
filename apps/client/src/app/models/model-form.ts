/** A model while it is written: what the form holds, and how that becomes a request. */
import type { BodyOf, Guard, Model, ModelIndex } from '@freshet/contracts';

export interface ModelForm {
  name: string;
  sql: string;
  autoRefresh: boolean;
  updatesOn: 'any' | 'all';
  allowEmpty: boolean;
  mode: 'live' | 'shadow';
  schemaPolicy: 'strict' | 'additive' | 'any';
  keepVersions: number;
  stableView: boolean;
  guards: readonly Guard[];
  indexes: readonly ModelIndex[];
}

export const emptyForm: ModelForm = {
  name: '',
  sql: '',
  autoRefresh: true,
  updatesOn: 'all',
  allowEmpty: true,
  mode: 'live',
  schemaPolicy: 'any',
  keepVersions: 3,
  stableView: false,
  guards: [],
  indexes: [],
};

export const formOf = ({
  name,
  sql,
  autoRefresh,
  updatesOn,
  allowEmpty,
  mode,
  schemaPolicy,
  keepVersions,
  stableView,
  guards,
  indexes,
}: Model): ModelForm => ({
  name,
  sql,
  autoRefresh,
  updatesOn,
  allowEmpty,
  mode,
  schemaPolicy,
  keepVersions,
  stableView,
  guards,
  indexes,
});

/** Rows that were begun and left without a column ask for nothing. */
const said = <T extends { columns?: string[] | undefined }>(
  rows: readonly T[],
  needsColumns: (row: T) => boolean,
): T[] => rows.filter((row) => !needsColumns(row) || (row.columns?.length ?? 0) > 0);

const ofColumns: readonly Guard['kind'][] = ['unique', 'not_null', 'range', 'accepted_values'];
export const needsColumns = ({ kind }: Guard): boolean => ofColumns.includes(kind);

export const bodyOf = (form: ModelForm): BodyOf<'createModel'> => ({
  ...form,
  name: form.name.trim(),
  guards: said(form.guards, needsColumns),
  indexes: said(form.indexes, () => true),
});

const fieldNames: Record<keyof ModelForm, string> = {
  name: 'the name',
  sql: 'the query',
  autoRefresh: 'auto-refresh',
  updatesOn: 'when it updates',
  allowEmpty: 'whether it may be empty',
  mode: 'whether builds are shown',
  schemaPolicy: 'what a change of columns means',
  keepVersions: 'how many versions are kept',
  stableView: 'the view for tools outside',
  guards: 'the guards',
  indexes: 'the indexes',
};

/** `the query and the guards`: what differs between two states of a model, in words; empty when nothing this form shows does. */
export const changesBetween = (before: ModelForm, after: ModelForm): string => {
  const changed = (Object.keys(fieldNames) as (keyof ModelForm)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const names = changed.map((field) => fieldNames[field]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
};

/** Why a name is not one, or null. The same rule as in the contract. */
export const nameProblem = (name: string): string | null => {
  if (name.trim() === '') return 'Give the model a name.';
  return /^[a-z][a-z0-9_]{0,59}$/.test(name.trim())
    ? null
    : 'Use small letters, digits and underscores, beginning with a letter (at most 60).';
};
