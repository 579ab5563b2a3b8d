/** A SQL editor: highlighting, completion over a project's catalogue, Mod-Enter to run, and the server's error marked at its place. */
import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  effect,
  inject,
  input,
  model,
  output,
  untracked,
  viewChild,
} from '@angular/core';
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { editorHighlight, editorTheme } from './editor-theme';
import type { SqlRelation } from './sql-catalogue';
import { sqlCompletionSources } from './sql-completion';
import { errorRange, type SqlError } from './sql-error';

@Component({
  selector: 'fr-sql-editor',
  template: `<div #host class="host"></div>`,
  styleUrl: './sql-editor.scss',
})
export class SqlEditor {
  readonly value = model('');
  readonly label = input('SQL query');
  readonly relations = input<readonly SqlRelation[]>([]);
  readonly error = input<SqlError | null>(null);
  /** Mod-Enter. */
  readonly run = output();

  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  readonly #completion = new Compartment();
  #view: EditorView | null = null;

  constructor() {
    afterNextRender({ write: () => this.#create() });
    inject(DestroyRef).onDestroy(() => this.#view?.destroy());
    effect(() => {
      const text = this.value();
      const view = this.#view;
      if (!view || view.state.doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    });
    effect(() => {
      const completion = this.#completions(this.relations());
      this.#view?.dispatch({ effects: this.#completion.reconfigure(completion) });
    });
    effect(() => this.#mark(this.error()));
  }

  /** Writes text at the cursor, set off by spaces, and gives the editor the focus back. */
  insert(text: string): void {
    const view = this.#view;
    if (!view) return;
    const { from, to } = view.state.selection.main;
    const glued = /[\w")]/.test(view.state.sliceDoc(from - 1, from));
    const insert = glued ? ` ${text}` : text;
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      scrollIntoView: true,
    });
    view.focus();
  }

  /** Puts the cursor at an offset. */
  reveal(position: number): void {
    const view = this.#view;
    if (!view) return;
    view.dispatch({ selection: { anchor: Math.min(position, view.state.doc.length) }, scrollIntoView: true });
    view.focus();
  }

  #completions(relations: readonly SqlRelation[]) {
    return autocompletion({
      override: sqlCompletionSources(relations),
      icons: false,
      maxRenderedOptions: 60,
    });
  }

  #mark(error: SqlError | null): void {
    const view = this.#view;
    if (!view) return;
    const range = error && errorRange(view.state.doc.toString(), error.position);
    view.dispatch(
      setDiagnostics(
        view.state,
        error && range ? [{ ...range, severity: 'error', message: error.message }] : [],
      ),
    );
  }

  #create(): void {
    const runs = Prec.highest(
      keymap.of([{ key: 'Mod-Enter', preventDefault: true, run: () => (this.run.emit(), true) }]),
    );
    this.#view = new EditorView({
      parent: this.host().nativeElement,
      state: EditorState.create({
        doc: untracked(this.value),
        extensions: [
          runs,
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          lintGutter(),
          sql({ dialect: PostgreSQL }),
          syntaxHighlighting(editorHighlight),
          editorTheme,
          EditorView.lineWrapping,
          placeholder('select date, sum(sessions) as sessions\nfrom ga_main.traffic\ngroup by date'),
          this.#completion.of(this.#completions(untracked(this.relations))),
          // Tab stays free to leave the editor by keyboard.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': untracked(this.label) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) this.value.set(update.state.doc.toString());
          }),
        ],
      }),
    });
    this.#mark(untracked(this.error));
  }
}
