// The editor behind the Rust `EditorPort`: what it can be told, and what it tells back. Nothing here decides anything.
//
// Positions are offsets in UTF-16 code units; lists arrive as JSON text.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, isolateHistory, redo, undo } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { nextDiagnostic, previousDiagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, Transaction } from '@codemirror/state';
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder,
} from '@codemirror/view';
import { colours, specDocument } from './language.js';
import { lineKinds } from './lines.js';
import { holeMarks, setHoles, setPreview, setFreshness, setVerdicts, verdictGutters } from './marks.js';
import { naming } from './naming.js';
import { problems, showProblems } from './problems.js';

export class Editor {
  /**
   * `told` is what the page hears: `change(text, fromPerson)`, `cursor(offset)`, `hole(name)`, `verdict(line)`,
   * `explain(code)`; and asks: `names()` answers JSON `[{label, type, detail}]`.
   */
  constructor(parent, label, told) {
    const listen = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        const loaded = update.transactions.some((change) => change.annotation(Transaction.userEvent) === 'load');
        told.change(update.state.doc.toString(), !loaded);
      }
      if (update.selectionSet || update.docChanged) told.cursor(update.state.selection.main.head);
    });
    this.told = told;
    this.extensions = [
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
      verdictGutters((line) => told.verdict(line)),
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      highlightSelectionMatches(),
      naming(() => JSON.parse(told.names())),
      EditorState.allowMultipleSelections.of(true),
      indentUnit.of('  '),
      EditorView.lineWrapping,
      specDocument,
      colours,
      lineKinds,
      holeMarks((name) => told.hole(name)),
      problems,
      placeholder('Say above what you want, or start writing Spec-IR here.'),
      // Tab is left to the browser: it moves the focus on, so nobody is trapped.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
      listen,
    ];
    this.view = new EditorView({ parent, state: EditorState.create({ doc: '', extensions: this.extensions }) });
  }

  text() {
    return this.view.state.doc.toString();
  }

  /** Another document: a history of its own, no undo back into the one before. */
  open(text) {
    this.view.setState(EditorState.create({ doc: text, extensions: this.extensions }));
    this.told.change(text, false);
    this.told.cursor(0);
  }

  /** Replaces ranges as one step that undo takes back; the cursor goes to `cursor` when it is not negative. */
  edit(changes, cursor) {
    const list = JSON.parse(changes);
    this.view.dispatch({
      changes: list,
      selection: cursor >= 0 ? { anchor: cursor } : undefined,
      scrollIntoView: cursor >= 0,
      userEvent: 'input.complete',
      annotations: isolateHistory.of('full'),
    });
  }

  setProblems(json) {
    this.view.dispatch(showProblems(this.view.state, JSON.parse(json), (code) => this.told.explain(code)));
  }

  setHoles(json) {
    this.view.dispatch({ effects: setHoles.of(JSON.parse(json)) });
  }

  setVerdicts(json) {
    this.view.dispatch({ effects: setVerdicts.of(JSON.parse(json)) });
  }

  /** Shows the verdicts as `stale`, as `running`, or, with an empty word, as what they are. */
  setFreshness(word) {
    this.view.dispatch({ effects: setFreshness.of(word) });
  }

  /** Shows text after each range without changing the document; an empty list takes it away. */
  setPreview(json) {
    this.view.dispatch({ effects: setPreview.of(JSON.parse(json)) });
  }

  /** Selects a range, shows it, and gives the editor the focus. */
  goto(from, to) {
    const length = this.view.state.doc.length;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
    this.view.focus();
  }

  nextProblem() {
    this.view.focus();
    return nextDiagnostic(this.view);
  }

  previousProblem() {
    this.view.focus();
    return previousDiagnostic(this.view);
  }

  undo() {
    undo(this.view);
  }

  redo() {
    redo(this.view);
  }

  focus() {
    this.view.focus();
  }
}

export { Reader } from './reader.js';
export { pack, unpack } from './share.js';
