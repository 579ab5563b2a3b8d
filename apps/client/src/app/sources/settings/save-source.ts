/** Saves a source, and asks first when tables would go with it; and what its vendor has to choose from. */
import { Injectable, inject } from '@angular/core';
import type { Source, UpdateSource } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { Confirm } from '../../confirm/confirm';
import type { Choice } from '../connect/schema-form';
import { counted } from '../../time/describe-number';

interface LostTable {
  table: string;
  rowCount: number;
}

const isLost = (value: unknown): value is LostTable =>
  typeof value === 'object' && value !== null && 'table' in value && 'rowCount' in value;

const lostTables = ({ code, document }: ApiProblem): LostTable[] => {
  const { tables } = document;
  return code === 'conflict' && Array.isArray(tables) ? tables.filter(isLost) : [];
};

@Injectable({ providedIn: 'root' })
export class SaveSource {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);

  /** The source as saved, or null when the person kept the tables; rejects with an ApiProblem. */
  async save(id: string, revision: number, body: UpdateSource): Promise<Source | null> {
    const call = { params: { id }, ifMatch: revision, body };
    try {
      return await this.#api.call('updateSource', call);
    } catch (error) {
      const problem = toApiProblem(error);
      const lost = lostTables(problem);
      if (lost.length === 0) throw problem;
      if (!(await this.#askToRemove(lost))) return null;
      return this.#api.call('updateSource', { ...call, query: { confirm: 'true' } });
    }
  }

  /** Without the vendor's list, values are typed. */
  async choicesOf({ type, config, connection }: Source): Promise<readonly Choice[]> {
    if (!connection) return [];
    const body = { type, config, connectionId: connection.id };
    const found = await this.#api.call('discoverSource', { body }).catch(() => null);
    return found?.choices ?? [];
  }

  #askToRemove(lost: readonly LostTable[]): Promise<boolean> {
    return this.#confirm.ask({
      title: lost.length === 1 ? 'Remove this table?' : `Remove ${lost.length} tables?`,
      text: 'To keep its rows, leave it chosen and switch its sync off under Streams instead. What goes:',
      consequences: lost.map(({ table, rowCount }) => `table ${table} with ${counted(rowCount, 'row')}`),
      confirm: 'Remove and save',
      danger: true,
    });
  }
}
