/** One template: what it makes, which other source it reads, what stands in its way. */
import { Component, computed, input, linkedSignal, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatOption, MatSelect } from '@angular/material/select';
import { RouterLink } from '@angular/router';
import type { SourceTemplate } from '@freshet/contracts';
import { connectorIcon } from '../connector-icon';

/** Source id by the word for the companion. */
export type Chosen = Readonly<Record<string, string>>;

type Companion = SourceTemplate['beside'][number];

const takenOf = (
  { as, choices, chosen }: Companion,
  wanted: Chosen,
): Companion['choices'][number] | undefined => choices.find(({ id }) => id === (wanted[as] ?? chosen));

@Component({
  selector: 'fr-template-card',
  imports: [MatButton, MatFormField, MatIcon, MatLabel, MatOption, MatSelect, RouterLink],
  templateUrl: './template-card.html',
  styleUrl: './template-card.scss',
})
export class TemplateCard {
  readonly template = input.required<SourceTemplate>();
  readonly projectId = input.required<string>();
  readonly mayEdit = input.required<boolean>();
  /** Some template is being added; `adding` says whether it is this one. */
  readonly busy = input(false);
  readonly adding = input(false);
  readonly add = output<Chosen>();

  /** What a person picked, as long as it is still there. */
  protected readonly picked = linkedSignal<readonly Companion[], Chosen>({
    source: () => this.template().beside,
    computation: (beside, before) => {
      const picked = before?.value ?? {};
      const isThere = ({ as, choices }: Companion): boolean => choices.some(({ id }) => id === picked[as]);
      return Object.fromEntries(beside.filter(isThere).map(({ as }) => [as, picked[as] ?? '']));
    },
  });
  protected readonly companions = computed(() =>
    this.template().beside.map((companion) => ({
      ...companion,
      icon: connectorIcon(companion.type),
      taken: takenOf(companion, this.picked()),
    })),
  );
  /** The server tells it for the sources that are taken unless another is picked; what is picked has one of its own. */
  protected readonly obstacle = computed(() => {
    const { obstacle, beside } = this.template();
    const isOfTaken = beside.some((companion) => takenOf(companion, {})?.obstacle === obstacle);
    if (obstacle !== null && !isOfTaken) return obstacle;
    return this.companions().find(({ taken }) => taken?.obstacle)?.taken?.obstacle ?? null;
  });

  protected pick(as: string, id: string): void {
    this.picked.update((picked) => ({ ...picked, [as]: id }));
  }
}
