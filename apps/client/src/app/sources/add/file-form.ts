/** The fields of a file source, and the body of the calls they make. */
import { FormControl, FormGroup, Validators } from '@angular/forms';
import type { AbstractControl, ValidationErrors } from '@angular/forms';
import type { BodyOf, Schedule } from '@freshet/contracts';
import { ownTimeZone } from '../schedule/schedule-field';
import { slugPattern } from './slug';

export const formats = [
  { value: 'auto', label: 'Automatic' },
  { value: 'csv', label: 'CSV' },
  { value: 'tsv', label: 'TSV' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'NDJSON (a JSON object per line)' },
] as const;

export const modes = [
  {
    value: 'replace-all',
    label: 'Replace everything',
    hint: 'The table is what the file says: rows gone from it go here too.',
  },
  {
    value: 'upsert',
    label: 'Update by key',
    hint: 'New and changed rows come in; rows gone from the file stay.',
  },
  { value: 'append', label: 'Add to the end', hint: 'Every row of the file is added at each sync.' },
] as const;

type Format = (typeof formats)[number]['value'];
type Mode = (typeof modes)[number]['value'];

const keyForUpsert = (group: AbstractControl): ValidationErrors | null => {
  const { mode, key } = group.value as { mode?: Mode; key?: string[] };
  return mode === 'upsert' && (key ?? []).length === 0 ? { keyNeeded: true } : null;
};

export const fileForm = () =>
  new FormGroup(
    {
      url: new FormControl('', {
        nonNullable: true,
        validators: [Validators.required, Validators.pattern(/^https?:\/\/\S+$/i)],
      }),
      format: new FormControl<Format>('auto', { nonNullable: true }),
      jsonPath: new FormControl('', { nonNullable: true }),
      name: new FormControl('', {
        nonNullable: true,
        validators: [Validators.required, Validators.maxLength(100)],
      }),
      slug: new FormControl('', {
        nonNullable: true,
        validators: [Validators.required, Validators.pattern(slugPattern)],
      }),
      key: new FormControl<string[]>([], { nonNullable: true }),
      mode: new FormControl<Mode>('replace-all', { nonNullable: true }),
      schedule: new FormControl<Schedule>(
        { kind: 'interval', every: 60, timeZone: ownTimeZone(), paused: false },
        { nonNullable: true },
      ),
    },
    { validators: keyForUpsert },
  );

export type FileForm = ReturnType<typeof fileForm>;

const config = ({
  url,
  format,
  jsonPath,
  key,
  mode,
}: ReturnType<FileForm['getRawValue']>): Record<string, unknown> => ({
  url: url.trim(),
  format,
  mode,
  ...(key.length > 0 && { key }),
  ...(jsonPath.trim() && { jsonPath: jsonPath.trim() }),
});

/** A test is of the address and format alone: the key is chosen from what it finds. */
export const checkBody = (form: FileForm): BodyOf<'checkSource'> => {
  const { url, format, jsonPath } = form.getRawValue();
  return {
    type: 'file',
    config: { url: url.trim(), format, ...(jsonPath.trim() && { jsonPath: jsonPath.trim() }) },
  };
};

export const createBody = (form: FileForm): BodyOf<'createSource'> => {
  const value = form.getRawValue();
  return {
    type: 'file',
    name: value.name.trim(),
    slug: value.slug,
    schedule: value.schedule,
    config: config(value),
  };
};

/** "https://x.org/a/Daily%20orders.csv.gz" → "Daily orders", to spare typing. */
export const nameOfFile = (url: string): string => {
  try {
    const file = new URL(url).pathname.split('/').findLast((part) => part !== '') ?? '';
    const words = decodeURIComponent(file)
      .replace(/(\.(csv|tsv|tab|txt|json|ndjson|jsonl|gz))+$/i, '')
      .replace(/[_-]+/g, ' ')
      .trim();
    return words && words.charAt(0).toUpperCase() + words.slice(1);
  } catch {
    return '';
  }
};
