/** The streams of a source: which are synced, how far back they are read again, and what there is to know about their rows. */
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Source } from '@freshet/contracts';
import { Api } from '../../api/api';
import { toApiProblem } from '../../api/api-problem';
import { Session } from '../../session/session';
import { Toasts } from '../../toasts/toasts';
import { CurrentSource } from '../current-source';
import { ReadAgainDialog, type ReadAgain } from './read-again-dialog';

type Stream = Source['streams'][number];

const modes: Readonly<Record<Stream['mode'], string>> = {
  append: 'adds rows',
  upsert: 'updates rows by key',
  'replace-window': 'replaces the days read',
  'replace-all': 'replaces everything',
};

@Component({
  imports: [MatButton, MatIcon, MatSlideToggle],
  templateUrl: './source-streams.html',
  styleUrl: './source-streams.scss',
})
export class SourceStreams {
  readonly #api = inject(Api);
  readonly #dialog = inject(MatDialog);
  readonly #toasts = inject(Toasts);
  protected readonly current = inject(CurrentSource);
  protected readonly mayEdit = inject(Session).mayEdit;
  protected readonly source = this.current.source;
  protected readonly saving = signal<string | null>(null);
  protected readonly modes = modes;
  /** Days of the past can be read again only of streams that are cut by them. */
  protected readonly hasDays = computed(
    () => this.source()?.streams.some(({ cursor, enabled }) => cursor !== null && enabled) ?? false,
  );

  protected async turn({ name }: Stream, enabled: boolean): Promise<void> {
    const source = this.source();
    if (!source) return;
    this.saving.set(name);
    try {
      const saved = await this.#api.call('updateSource', {
        params: { id: source.id },
        ifMatch: source.revision,
        body: { streams: [{ name, enabled }] },
      });
      this.current.resource.set(saved);
      this.#toasts.show(
        enabled ? `${name} is synced from now on.` : `${name} is no longer synced; its rows stay.`,
      );
    } catch (error) {
      this.#toasts.problem(toApiProblem(error));
      this.current.resource.reload();
    } finally {
      this.saving.set(null);
    }
  }

  protected readAgain(): void {
    const source = this.source();
    if (!source) return;
    this.#dialog
      .open<ReadAgainDialog, Source, ReadAgain>(ReadAgainDialog, {
        data: source,
        maxWidth: 'min(560px, calc(100vw - 32px))',
      })
      .afterClosed()
      .subscribe((asked) => {
        if (asked) void this.current.syncNow(asked);
      });
  }
}
