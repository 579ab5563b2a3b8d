/** What the API is asked with while a source is connected. Pure. */
import type { ApiProblem } from '../../api/api-problem';
import { showFieldErrors, showMessage } from '../../forms/show-field-errors';
import type { FormControl } from '@angular/forms';
import { valueOf, type SchemaField } from './schema-fields';
import type { FieldsForm } from './schema-form';
import type { StreamEntry } from './stream-entry';

/** The entries of the config that a database's tables are. */
export const isTables = ({ name, kind }: SchemaField): boolean => name === 'streams' && kind === 'json';

/** @param tables null for a source whose streams are not chosen so */
export const configOf = (
  fields: readonly SchemaField[],
  settings: FieldsForm,
  tables: readonly StreamEntry[] | null,
): Record<string, unknown> => ({
  ...valueOf(fields, settings.getRawValue()),
  ...(tables && { streams: [...tables] }),
});

/** Where in the form stands what the API calls `config.<name>`. */
export const settingControls = ({ controls }: FieldsForm): Record<string, FormControl> =>
  Object.fromEntries(Object.entries(controls).map(([field, control]) => [`config.${field}`, control]));

/** @returns whether every error found its field */
export const showAtFields = (
  problem: ApiProblem,
  settings: FieldsForm,
  { name, slug }: { name: FormControl<string>; slug: FormControl<string> },
): boolean => {
  if (problem.code !== 'name_taken')
    return showFieldErrors(problem, { name, slug, ...settingControls(settings) });
  showMessage(slug, problem.detail);
  return true;
};
