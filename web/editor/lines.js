// Which lines are prose and which stand in a fence, so that prose can look like text and fences like code.

import { Decoration, EditorView } from '@codemirror/view';
import { RangeSetBuilder, StateField } from '@codemirror/state';
import { afterLine } from './language.js';

const line = (name) => Decoration.line({ class: name });
const kinds = {
  prose: line('cm-prose'),
  heading: line('cm-prose cm-title'),
  open: line('cm-fence cm-fence-open'),
  inside: line('cm-fence'),
  close: line('cm-fence cm-fence-close'),
};

function classify(document) {
  const builder = new RangeSetBuilder();
  let fence = null;
  let from = 0;
  for (const text of document.iterLines()) {
    const step = afterLine(text, fence);
    fence = step.fence;
    const kind = step.is === 'prose' && /^#{1,6}\s/.test(text) ? 'heading' : step.is;
    builder.add(from, from, kinds[kind]);
    from += text.length + 1;
  }
  return builder.finish();
}

export const lineKinds = StateField.define({
  create: (state) => classify(state.doc),
  update: (value, change) => (change.docChanged ? classify(change.newDoc) : value),
  provide: (field) => EditorView.decorations.from(field),
});
