/** What the query may read: sources with their tables, and models, each with its columns; a click writes the name into the query. */
import { Component, computed, input, output, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { CountPipe } from '../time/number-pipes';
import { quoteIdentifier, relationName, type SqlRelation } from './sql/sql-catalogue';

@Component({
  selector: 'fr-schema-browser',
  imports: [CountPipe, MatIcon, MatIconButton],
  templateUrl: './schema-browser.html',
  styleUrl: './schema-browser.scss',
})
export class SchemaBrowser {
  readonly relations = input.required<readonly SqlRelation[]>();
  /** A model does not read itself. */
  readonly except = input<string | null>(null);
  readonly insert = output<string>();

  protected readonly search = signal('');
  protected readonly open = signal<ReadonlySet<string>>(new Set());
  protected readonly groups = computed(() => {
    const wanted = this.search().trim().toLowerCase();
    const relations = this.relations()
      .filter(({ kind, id }) => kind === 'table' || id !== this.except())
      .map((relation) => ({ ...relation, full: relationName(relation) }))
      .filter(
        ({ full, columns }) =>
          !wanted ||
          full.toLowerCase().includes(wanted) ||
          columns.some(({ name }) => name.toLowerCase().includes(wanted)),
      );
    const schemas = [...new Set(relations.map(({ schema }) => schema))].toSorted((a, b) =>
      a === null ? 1 : b === null ? -1 : a.localeCompare(b),
    );
    return schemas.map((schema) => ({
      name: schema ?? 'models',
      icon: schema === null ? ('model' as const) : ('source' as const),
      relations: relations.filter((relation) => relation.schema === schema),
    }));
  });

  protected toggle(name: string): void {
    this.open.update((open) => {
      const next = new Set(open);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  }

  protected insertColumn(name: string): void {
    this.insert.emit(quoteIdentifier(name));
  }
}
