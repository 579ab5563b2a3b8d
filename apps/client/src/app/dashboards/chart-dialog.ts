/** Makes or changes one chart: its query with a preview, how it is drawn, and its size. */
import { Component, computed, inject, signal, viewChild, type Signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatProgressBar } from '@angular/material/progress-bar';
import { MatOption, MatSelect } from '@angular/material/select';
import type { ChartInput, ChartOptions, ChartType, QueryResult } from '@freshet/contracts';
import { Api } from '../api/api';
import { toApiProblem, type ApiProblem } from '../api/api-problem';
import { ChartView } from '../charts/chart-view';
import { columnKind, isNumeric } from '../charts/column-kind';
import { Confirm } from '../confirm/confirm';
import { relationName, type SqlRelation } from '../models/sql/sql-catalogue';
import { SqlEditor } from '../models/sql/sql-editor';
import { ProblemPanel } from '../problem/problem-panel';
import type { IconName } from '../theme/icons';
import { faultOf, heightChoices, widthChoices, type ChartDraft } from './chart-draft';

export interface ChartDialogData {
  projectId: string;
  draft: ChartDraft | null;
  relations: Signal<readonly SqlRelation[]>;
}
export type ChartDialogResult = Pick<ChartDraft, 'chart' | 'result' | 'error'>;

const types: readonly { type: ChartType; icon: IconName; name: string }[] = [
  { type: 'kpi', icon: 'chart-kpi', name: 'Figure' },
  { type: 'line', icon: 'chart-line', name: 'Line' },
  { type: 'area', icon: 'chart-area', name: 'Area' },
  { type: 'bar', icon: 'chart-bar', name: 'Bars' },
  { type: 'hbar', icon: 'chart-hbar', name: 'Bars across' },
  { type: 'stacked', icon: 'chart-stacked', name: 'Stacked' },
  { type: 'pie', icon: 'chart-pie', name: 'Pie' },
  { type: 'table', icon: 'table', name: 'Table' },
];

const usualSize = (type: ChartType): { w: number; h: number } =>
  type === 'kpi' ? { w: 3, h: 2 } : type === 'table' ? { w: 12, h: 4 } : { w: 6, h: 4 };

/** Values differ from what a format leaves out: unit, currency and columns only when they say something. */
const cleaned = (options: ChartOptions): ChartOptions =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([, value]) => value !== undefined && value !== '' && (!Array.isArray(value) || value.length > 0),
    ),
  );

@Component({
  imports: [
    ChartView,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    MatOption,
    MatProgressBar,
    MatSelect,
    ProblemPanel,
    SqlEditor,
  ],
  templateUrl: './chart-dialog.html',
  styleUrl: './chart-dialog.scss',
})
export class ChartDialog {
  protected readonly data = inject<ChartDialogData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ChartDialog, ChartDialogResult>>(MatDialogRef);
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  private readonly editor = viewChild(SqlEditor);
  readonly #before = this.data.draft?.chart;

  protected readonly types = types;
  protected readonly title = signal(this.#before?.title ?? '');
  protected readonly type = signal<ChartType>(this.#before?.type ?? 'line');
  protected readonly sql = signal(this.#before?.sql ?? '');
  protected readonly options = signal<ChartOptions>(this.#before?.options ?? {});
  readonly #size = signal<{ w?: number; h?: number }>(this.#before?.layout ?? {});
  protected readonly width = computed(() => this.#size().w ?? usualSize(this.type()).w);
  protected readonly height = computed(() => this.#size().h ?? usualSize(this.type()).h);
  protected readonly widths = computed(() => widthChoices(this.width()));
  protected readonly heights = computed(() => heightChoices(this.height()));

  protected readonly result = signal<QueryResult | null>(this.data.draft?.result ?? null);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly running = signal(false);
  /** The query the result belongs to. */
  readonly #ran = signal(this.data.draft?.result ? this.sql() : null);
  readonly #failed = signal<string | null>(null);
  /** The query as it stands has failed; it may be kept all the same, since its model may not be built yet. */
  protected readonly refused = computed(() => this.problem() !== null && this.#failed() === this.sql());
  protected readonly tried = signal(false);

  readonly #opened = JSON.stringify(this.#chart());

  constructor() {
    // The editor uses Escape itself, to close its list of completions.
    this.#dialog.keydownEvents().subscribe((event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) void this.cancel();
    });
  }

  protected readonly sqlError = computed(() => {
    const problem = this.problem();
    return problem && { message: problem.detail, position: problem.position };
  });
  protected readonly columns = computed(() => this.result()?.columns ?? []);
  protected readonly numericColumns = computed(() =>
    this.columns().filter(({ type }) => isNumeric(columnKind(type))),
  );
  protected readonly view = computed(() => ({
    title: this.title() || 'Preview',
    type: this.type(),
    options: this.options(),
  }));
  protected readonly changedSinceRun = computed(() => this.result() !== null && this.#ran() !== this.sql());
  protected readonly titleMissing = computed(() => this.tried() && this.title().trim() === '');
  protected readonly sqlMissing = computed(() => this.tried() && this.sql().trim() === '');
  protected readonly hasAxes = computed(() => this.type() !== 'kpi' && this.type() !== 'table');
  protected readonly canSplit = computed(() => this.hasAxes() && this.type() !== 'pie');
  protected readonly relations = computed(() =>
    this.data.relations().map((relation) => ({ name: relationName(relation), kind: relation.kind })),
  );

  protected setOption<K extends keyof ChartOptions>(name: K, value: ChartOptions[K]): void {
    this.options.update((options) => ({ ...options, [name]: value }));
  }

  /** Only a whole code is a currency; half of one would not format. */
  protected setCurrency(code: string): void {
    const currency = code.trim().toUpperCase();
    this.setOption('currency', /^[A-Z]{3}$/.test(currency) ? currency : undefined);
  }

  protected setSize(size: { w?: number; h?: number }): void {
    this.#size.update((before) => ({ ...before, ...size }));
  }

  protected insert(name: string): void {
    if (name) this.editor()?.insert(name);
  }

  protected async run(): Promise<void> {
    const sql = this.sql().trim() === '' ? null : this.sql();
    if (sql === null || this.running()) return;
    this.running.set(true);
    this.problem.set(null);
    try {
      const body = { sql, params: this.#before?.params ?? [] };
      this.result.set(await this.#api.call('runQuery', { params: { projectId: this.data.projectId }, body }));
      this.#ran.set(sql);
    } catch (error) {
      this.problem.set(toApiProblem(error));
      this.#failed.set(sql);
    } finally {
      this.running.set(false);
    }
  }

  /** Closes with the chart; its query is run first when that has not been done, so that nobody adds a broken chart unseen. */
  protected async done(): Promise<void> {
    this.tried.set(true);
    if (this.title().trim() === '' || this.sql().trim() === '') return;
    const kept = this.refused();
    if (!kept && this.#ran() !== this.sql()) await this.run();
    const problem = this.problem();
    if (problem && !kept) return;
    this.#dialog.close({
      chart: this.#chart(),
      result: problem ? null : this.result(),
      error: problem ? faultOf(problem) : null,
    });
  }

  protected async cancel(): Promise<void> {
    const changed = JSON.stringify(this.#chart()) !== this.#opened;
    if (
      changed &&
      !(await this.#confirm.ask({
        title: 'Discard this chart?',
        text: 'What you changed in it will be lost.',
        confirm: 'Discard',
        danger: true,
      }))
    )
      return;
    this.#dialog.close();
  }

  #chart(): ChartInput {
    return {
      ...(this.#before?.id === undefined ? {} : { id: this.#before.id }),
      title: this.title().trim(),
      type: this.type(),
      sql: this.sql(),
      params: this.#before?.params ?? [],
      options: cleaned(this.options()),
      layout: {
        x: this.#before?.layout.x ?? 0,
        y: this.#before?.layout.y ?? 0,
        w: this.width(),
        h: this.height(),
      },
    };
  }
}
