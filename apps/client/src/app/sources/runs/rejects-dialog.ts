/** The rows of a run that could not be loaded, and why; all of them, a page at a time, or those of one stream. */
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatChipListbox, MatChipOption } from '@angular/material/chips';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import type { ResponseOf, SyncRun } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem, type ApiProblem } from '../../api/api-problem';
import { ProblemPanel } from '../../problem/problem-panel';
import { Skeleton } from '../../skeleton/skeleton';
import { CountPipe } from '../../time/number-pipes';

type Reject = ResponseOf<'listRejects'>['items'][number];

const pageSize = 50;

@Component({
  imports: [
    CountPipe,
    MatButton,
    MatChipListbox,
    MatChipOption,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemPanel,
    Skeleton,
  ],
  templateUrl: './rejects-dialog.html',
  styleUrl: './rejects-dialog.scss',
})
export class RejectsDialog {
  protected readonly run = inject<SyncRun>(MAT_DIALOG_DATA);
  readonly #api = inject(Api);

  readonly #rejects = signal<readonly Reject[]>([]);
  readonly #cursor = signal<string | null>(null);
  protected readonly loading = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly hasMore = computed(() => this.#cursor() !== null);

  protected readonly streams = this.run.streams.filter(({ records }) => records.rejected > 0);
  /** Null for all of them. */
  protected readonly stream = signal<string | null>(null);
  protected readonly shown = computed(() => {
    const stream = this.stream();
    return this.#rejects().filter((reject) => stream === null || reject.stream === stream);
  });
  protected readonly total = computed(() => {
    const stream = this.streams.find(({ name }) => name === this.stream());
    return (stream ?? this.run).records.rejected;
  });

  constructor() {
    void this.more();
  }

  protected async more(): Promise<void> {
    if (this.loading()) return;
    this.loading.set(true);
    this.problem.set(null);
    const before = this.#rejects();
    const after = this.#cursor();
    try {
      const { items, nextCursor } = await this.#api.call('listRejects', {
        params: { id: this.run.id },
        query: { limit: pageSize, ...(after !== null && { after }) },
      });
      this.#rejects.set([...before, ...items]);
      this.#cursor.set(nextCursor);
    } catch (error) {
      this.problem.set(toApiProblem(error));
    } finally {
      this.loading.set(false);
    }
  }
}
