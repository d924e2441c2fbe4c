// Generated code, to be read and copied, never typed into. The function that belongs to the declaration at the
// editor's cursor is marked, and a function leads back to its declaration.

import { defaultKeymap } from '@codemirror/commands';
import { StreamLanguage } from '@codemirror/language';
import { python } from '@codemirror/legacy-modes/mode/python';
import { searchKeymap } from '@codemirror/search';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { colours } from './language.js';

const setPointed = StateEffect.define();
const line = Decoration.line({ class: 'cm-pointed' });

/** The lines `[from, to]` of a function, decorators and blank lines after it not counted; `null` when there is none. */
function linesOf(document, name) {
  for (let number = 1; number <= document.lines; number += 1) {
    if (!document.line(number).text.startsWith(`def ${name}(`)) continue;
    let last = number;
    for (let next = number + 1; next <= document.lines; next += 1) {
      const { text } = document.line(next);
      if (text !== '' && !/^[\s)]/.test(text)) break;
      if (text !== '') last = next;
    }
    return [number, last];
  }
  return null;
}

const pointed = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    value = value.map(change.changes);
    for (const effect of change.effects) {
      if (!effect.is(setPointed)) continue;
      const lines = effect.value && linesOf(change.newDoc, effect.value);
      const starts = lines ? Array.from({ length: lines[1] - lines[0] + 1 }, (_, i) => change.newDoc.line(lines[0] + i).from) : [];
      value = Decoration.set(starts.map((start) => line.range(start)));
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The function around an offset. */
function functionAt(document, offset) {
  for (let number = document.lineAt(offset).number; number >= 1; number -= 1) {
    const found = /^def (\w+)\(/.exec(document.line(number).text);
    if (found) return found[1];
  }
  return null;
}

export class Reader {
  constructor(parent, label, picked) {
    const pick = (view) => {
      const name = functionAt(view.state.doc, view.state.selection.main.head);
      if (name) picked(name);
      return name !== null;
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: '',
        extensions: [
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          lineNumbers(),
          StreamLanguage.define(python),
          colours,
          pointed,
          EditorView.domEventHandlers({ dblclick: (_, view) => pick(view) }),
          keymap.of([{ key: 'Enter', run: pick }, ...defaultKeymap, ...searchKeymap]),
        ],
      }),
    });
  }

  /** Shows `text`, changing only the lines that differ, so that the place someone reads stays where it is. */
  show(text) {
    const before = this.view.state.doc.toString();
    if (before === text) return;
    let start = 0;
    const least = Math.min(before.length, text.length);
    while (start < least && before[start] === text[start]) start += 1;
    let end = 0;
    while (end < least - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    this.view.dispatch({
      changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) },
    });
  }

  /** Marks the function of that name and shows it; an empty name marks none. */
  point(name) {
    const lines = name && linesOf(this.view.state.doc, name);
    const effects = [setPointed.of(name)];
    if (lines) effects.push(EditorView.scrollIntoView(this.view.state.doc.line(lines[0]).from, { y: 'nearest', yMargin: 24 }));
    this.view.dispatch({ effects });
  }
}
