/** `freshet why <model|chart>`: why it is as it is, and what it waits for (spec CA15). */
import type { ApiClient } from '@freshet/sdk';
import { findSubject, type Wanted } from '../find-subject';
import { formatWhy } from './format-why';

export interface WhyOptions extends Wanted {
  json: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** @returns what is to be printed */
export async function explainWhy(
  api: ApiClient,
  { json, width, ...wanted }: WhyOptions,
  now: Date,
): Promise<string> {
  const { kind, id, projectId } = await findSubject(api, wanted);
  const query = kind === 'model' ? { modelId: id } : { chartId: id };
  const answer = await api.call('why', { params: { projectId }, query });
  return json ? JSON.stringify(answer, null, 2) : formatWhy(answer, { now, width });
}
