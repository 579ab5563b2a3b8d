/** CodeMirror in the client's own colours, through the Material tokens, so that light and dark follow by themselves. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const editorTheme = EditorView.theme({
  '&': { color: 'var(--fr-ink)', backgroundColor: 'transparent', fontSize: '14px', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { caretColor: 'var(--fr-ink)', fontFamily: 'var(--fr-mono)', padding: '12px 0' },
  '.cm-scroller': { overflow: 'auto', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--fr-ink-muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--fr-accent) 6%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--fr-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--fr-accent) 24%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--fr-raised)',
    color: 'var(--fr-ink)',
    border: '1px solid var(--fr-line)',
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete ul li': { padding: '4px 8px !important' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--fr-accent-tint) !important',
    color: 'var(--fr-accent-ink) !important',
  },
  '.cm-completionDetail': { color: 'var(--fr-ink-muted)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--fr-danger)', padding: '8px 12px' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--fr-danger) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-placeholder': { color: 'var(--fr-ink-muted)' },
});

export const editorHighlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--sql-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--fr-ink-muted)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--sql-type)' },
]);
