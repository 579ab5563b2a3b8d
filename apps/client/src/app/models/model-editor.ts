/** Creates or changes a model: its query with a preview, its name, how it is refreshed, and its guards and indexes. */
import {
  Component,
  DOCUMENT,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router, RouterLink } from '@angular/router';
import type { Model } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem, type ApiProblem } from '../api/api-problem';
import { DataTable } from '../charts/data-table';
import type { Editing } from '../dashboards/keep-unsaved-changes';
import { ProblemPanel } from '../problem/problem-panel';
import { Skeleton } from '../skeleton/skeleton';
import { Toasts } from '../toasts/toasts';
import { bodyOf, changesBetween, emptyForm, formOf, nameProblem, type ModelForm } from './model-form';
import { ModelOptions } from './model-options';
import { QueryPreview } from './query-preview';
import { SchemaBrowser } from './schema-browser';
import { ProjectCatalogue } from './sql/project-catalogue';
import { SqlEditor } from './sql/sql-editor';

@Component({
  imports: [
    DataTable,
    MatButton,
    MatFormField,
    MatHint,
    MatIcon,
    MatInput,
    MatLabel,
    MatProgressBar,
    ModelOptions,
    ProblemPanel,
    RouterLink,
    SchemaBrowser,
    Skeleton,
    SqlEditor,
  ],
  providers: [ProjectCatalogue, QueryPreview],
  templateUrl: './model-editor.html',
  styleUrl: './model-editor.scss',
  host: { '(window:beforeunload)': 'beforeUnload($event)' },
})
export class ModelEditor implements Editing {
  readonly projectId = input.required<string>();
  /** Absent for a new model. */
  readonly modelId = input<string>();

  protected readonly catalogue = inject(ProjectCatalogue);
  protected readonly preview = inject(QueryPreview);
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  private readonly editor = viewChild(SqlEditor);

  /** What the changes are based on; null for a new model. */
  protected readonly base = signal<Model | null>(null);
  protected readonly form = signal<ModelForm>(emptyForm);
  readonly #saved = signal<ModelForm>(emptyForm);
  readonly dirty = computed(() => JSON.stringify(this.form()) !== JSON.stringify(this.#saved()));
  protected readonly ready = computed(() => this.modelId() === undefined || this.base() !== null);
  protected readonly loadProblem = signal<ApiProblem | null>(null);

  protected readonly saving = signal(false);
  protected readonly saveProblem = signal<ApiProblem | null>(null);
  /** The model as somebody else left it meanwhile. */
  protected readonly theirs = signal<Model | null>(null);
  protected readonly triedToSave = signal(false);
  /** Where there is no room beside the query, the tables begin folded. */
  protected readonly wide = inject(DOCUMENT).defaultView?.matchMedia?.('(min-width: 960px)').matches ?? true;

  protected readonly nameError = computed(() => {
    const refused = this.saveProblem();
    if (refused && (refused.code === 'name_taken' || refused.at('name')))
      return refused.at('name') ?? refused.detail;
    return this.triedToSave() ? nameProblem(this.form().name) : null;
  });
  protected readonly columns = computed(() =>
    (this.preview.result()?.columns ?? this.base()?.columns ?? []).map(({ name }) => name),
  );
  protected readonly upstream = computed(() => {
    const upstream = this.preview.result()?.upstream ?? this.base()?.upstream;
    return upstream
      ? [
          ...upstream.tables.map(({ name, sourceId }) => ({
            name,
            icon: 'table' as const,
            link: ['/p', this.projectId(), 'sources', sourceId],
          })),
          ...upstream.models.map(({ name, id }) => ({
            name,
            icon: 'model' as const,
            link: ['/p', this.projectId(), 'models', id],
          })),
        ]
      : null;
  });
  protected readonly theirChanges = computed(() => {
    const [base, theirs] = [this.base(), this.theirs()];
    return base && theirs ? changesBetween(formOf(base), formOf(theirs)) : '';
  });

  constructor() {
    effect(() => {
      this.catalogue.of(this.projectId());
      const id = this.modelId();
      if (id !== undefined) untracked(() => void this.load(id));
    });
  }

  protected set(change: Partial<ModelForm>): void {
    this.form.update((form) => ({ ...form, ...change }));
  }

  protected setName(name: string): void {
    this.set({ name });
    if (this.saveProblem()?.code === 'name_taken') this.saveProblem.set(null);
  }

  protected insert(text: string): void {
    this.editor()?.insert(text);
  }

  protected goTo(position: number): void {
    this.editor()?.reveal(position);
  }

  protected async load(id: string): Promise<void> {
    this.loadProblem.set(null);
    try {
      this.#adopt(await this.#api.call('getModel', { params: { id } }));
    } catch (error) {
      this.loadProblem.set(toApiProblem(error));
    }
  }

  protected async run(): Promise<void> {
    await this.preview.run(this.projectId(), this.form().sql);
  }

  protected async save(): Promise<void> {
    this.triedToSave.set(true);
    const form = this.form();
    if (nameProblem(form.name) !== null || form.sql.trim() === '' || this.saving()) return;
    this.saving.set(true);
    this.saveProblem.set(null);
    const base = this.base();
    try {
      const saved = base
        ? await this.#api.call('updateModel', {
            params: { id: base.id },
            body: bodyOf(form),
            ifMatch: base.revision,
          })
        : await this.#api.call('createModel', {
            params: { projectId: this.projectId() },
            body: bodyOf(form),
          });
      this.#saved.set(form);
      this.#toasts.show(
        base ? `${saved.name} was saved` : `${saved.name} was created; its first build has begun`,
      );
      await this.#router.navigate(['/p', this.projectId(), 'models', saved.id]);
    } catch (error) {
      await this.#refused(toApiProblem(error), form.sql);
    } finally {
      this.saving.set(false);
    }
  }

  /** Takes over what the other person saved, but keeps the query as it stands here. */
  protected takeTheirsKeepText(): void {
    const theirs = this.theirs();
    if (!theirs) return;
    const { sql } = this.form();
    this.#adopt(theirs);
    this.set({ sql });
  }

  /** Saves this form over theirs. */
  protected async overwrite(): Promise<void> {
    const theirs = this.theirs();
    if (!theirs) return;
    this.base.set(theirs);
    this.theirs.set(null);
    await this.save();
  }

  protected beforeUnload(event: BeforeUnloadEvent): void {
    if (this.dirty()) event.preventDefault();
  }

  #adopt(model: Model): void {
    this.base.set(model);
    this.theirs.set(null);
    this.saveProblem.set(null);
    this.form.set(formOf(model));
    this.#saved.set(this.form());
  }

  async #refused(problem: ApiProblem, sql: string): Promise<void> {
    this.saveProblem.set(problem);
    if (problem.position !== null) this.preview.refuse(problem, sql);
    const base = this.base();
    if (problem.code !== 'changed_meanwhile' || !base) return;
    try {
      this.theirs.set(await this.#api.call('getModel', { params: { id: base.id } }));
    } catch (error) {
      this.saveProblem.set(toApiProblem(error));
    }
  }
}
