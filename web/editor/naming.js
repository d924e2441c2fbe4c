// Names: completed while they are typed, told with their type on hover.

import { autocompletion } from '@codemirror/autocomplete';
import { hoverTooltip } from '@codemirror/view';
import { afterLine } from './language.js';

const reserved = ['def', 'spec', 'type', 'entity', 'intent', 'hole', 'examples', 'let', 'in', 'if', 'then', 'else', 'match',
  'forall', 'exists', 'true', 'false', 'requires', 'ensures', 'implements', 'decreases', 'effects pure', 'answers', 'because', 'hint']
  .map((label) => ({ label, type: 'keyword', boost: -1 }));

/** Whether an offset stands in a fence of declarations. */
function inFence(document, offset) {
  const last = document.lineAt(offset).number;
  let fence = null;
  for (let number = 1; number < last; number += 1) fence = afterLine(document.line(number).text, fence).fence;
  return fence?.spec ?? false;
}

/** `names` answers `[{label, type, detail}]`. */
export function naming(names) {
  const complete = (context) => {
    const word = context.matchBefore(/\w+/);
    if ((!word && !context.explicit) || !inFence(context.state.doc, context.pos)) return null;
    // After a question mark stands the name of a hole, which is the author's to choose.
    if (word && context.state.sliceDoc(word.from - 1, word.from) === '?') return null;
    return { from: word ? word.from : context.pos, options: [...names(), ...reserved], validFor: /^\w*$/ };
  };
  // A local variable may have the name of a definition: only calls and capitalised names are sure to mean the latter.
  const hover = hoverTooltip((view, offset) => {
    const { from, text } = view.state.doc.lineAt(offset);
    let start = offset - from;
    let end = start;
    while (start > 0 && /\w/.test(text[start - 1])) start -= 1;
    while (end < text.length && /\w/.test(text[end])) end += 1;
    const name = text.slice(start, end);
    const sure = /^[A-Z]/.test(name) || text[end] === '(';
    const known = sure && text[start - 1] !== '?' && names().find(({ label }) => label === name);
    if (!known || !inFence(view.state.doc, offset)) return null;
    return {
      pos: from + start,
      end: from + end,
      above: true,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-told';
        dom.textContent = known.type === 'def' ? `${name}: ${known.detail}` : `${known.type} ${name}${known.detail === 'Type' ? '' : ` = ${known.detail}`}`;
        return { dom };
      },
    };
  });
  return [autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 150 }), hover];
}
