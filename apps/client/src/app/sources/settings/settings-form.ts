/** The form of a source's settings, and what of the config it changes. */
import { FormControl, FormGroup, Validators } from '@angular/forms';
import type { Schedule, Source } from '@freshet/contracts';
import { schemaFields, typedOf, valueOf, type SchemaField } from '../connect/schema-fields';
import type { FieldsForm } from '../connect/schema-form';
import { areChanged, entriesOf, type StreamEntry } from '../connect/stream-entry';

export const settingsForm = () =>
  new FormGroup({
    name: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.maxLength(100)],
    }),
    url: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, Validators.pattern(/^https?:\/\/\S+$/i)],
    }),
    schedule: new FormControl<Schedule>(
      { kind: 'manual', timeZone: 'UTC', paused: false },
      { nonNullable: true },
    ),
    newStreams: new FormControl<Source['newStreams']>('add', { nonNullable: true }),
    archives: new FormControl(false, { nonNullable: true }),
    config: new FormGroup<FieldsForm['controls']>({}),
  });
export type SettingsForm = ReturnType<typeof settingsForm>;

/** Tables of a database are chosen from what is there, not written as JSON. */
export const shownFields = (schema: Readonly<Record<string, unknown>> | null): SchemaField[] =>
  schemaFields(schema).filter(({ kind }) => kind !== 'json');

export const urlOf = ({ config }: Pick<Source, 'config'>): string | null =>
  typeof config['url'] === 'string' ? config['url'] : null;

export const fillForm = (form: SettingsForm, source: Source, fields: readonly SchemaField[]): void => {
  const url = urlOf(source);
  const { name, schedule, newStreams, archives } = source;
  form.reset({
    ...{ name, schedule, newStreams, archives, url: url ?? '' },
    config: typedOf(fields, source.config),
  });
  if (url === null) form.controls.url.disable();
};

/** The whole config with what was typed and chosen; null when it is as it was. */
export const changedConfig = (
  { config }: Pick<Source, 'config'>,
  form: SettingsForm,
  { fields, entries }: { fields: readonly SchemaField[]; entries: readonly StreamEntry[] },
): Record<string, unknown> | null => {
  const typed = form.getRawValue();
  const url = urlOf({ config });
  if (url !== null) return typed.url.trim() === url ? null : { ...config, url: typed.url.trim() };
  const streams = areChanged(entriesOf(config), entries) && { streams: [...entries] };
  if (!form.controls.config.dirty) return streams ? { ...config, ...streams } : null;
  const others = Object.entries(config).filter(([name]) => !fields.some((field) => field.name === name));
  return { ...Object.fromEntries(others), ...valueOf(fields, typed.config), ...streams };
};
