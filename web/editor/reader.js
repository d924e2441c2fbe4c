// Generated code, to be read and copied, never typed into.

import { StreamLanguage } from '@codemirror/language';
import { python } from '@codemirror/legacy-modes/mode/python';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { defaultKeymap } from '@codemirror/commands';
import { searchKeymap } from '@codemirror/search';
import { colours } from './language.js';

export class Reader {
  constructor(parent, label) {
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
          keymap.of([...defaultKeymap, ...searchKeymap]),
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
}
