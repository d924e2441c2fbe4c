// How a Spec-IR document is coloured: Markdown outside, the language inside its fences.
//
// Colour only. What the text means is the engine's business; this reads one line at a time, never fails, and agrees
// with the parser on where a fence starts and ends (docs/language.md).

import { StreamLanguage, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const declaring = new Set(['type', 'def', 'spec', 'intent', 'entity', 'hole', 'examples']);
const reserved = new Set(['let', 'in', 'if', 'then', 'else', 'match', 'forall', 'exists', 'Pi']);
const placed = new Set([
  'requires', 'ensures', 'effects', 'implements', 'decreases', 'invariant', 'inputs', 'outputs', 'goals', 'constraints',
  'metrics', 'roles', 'links', 'uses', 'blocks', 'hint', 'because', 'answers', 'cost', 'latency',
]);
const specTags = new Set(['spec-ir', 'type', 'entity', 'intent', 'spec', 'def', 'hole', 'examples']);

const fenceLine = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;

/** What a line does to the fence before it: `null` outside, `{mark, length, spec}` inside. Also says what the line is. */
export function afterLine(text, fence) {
  const found = fenceLine.exec(text);
  if (fence) {
    const closes = found && found[1][0] === fence.mark && found[1].length >= fence.length && found[2] === '';
    return { fence: closes ? null : fence, is: closes ? 'close' : 'inside' };
  }
  if (!found) return { fence: null, is: 'prose' };
  return { fence: { mark: found[1][0], length: found[1].length, spec: specTags.has(found[2]) }, is: 'open' };
}

function specToken(stream) {
  if (stream.eatSpace()) return null;
  if (stream.match('//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^\?[A-Za-z_]\w*/)) return 'hole';
  if (stream.match(/^\d[\d_]*/)) return 'number';
  const word = stream.match(/^[A-Za-z_]\w*/);
  if (word) {
    const name = word[0];
    if (declaring.has(name)) return 'declaring';
    if (reserved.has(name)) return 'keyword';
    if (name === 'true' || name === 'false') return 'atom';
    if (placed.has(name) && !/^\s*[(=]/.test(stream.string.slice(stream.pos))) return 'placed';
    if (/^[A-Z]/.test(name)) return 'typeName';
    return stream.peek() === '(' ? 'function' : 'variableName';
  }
  if (stream.match(/^[∀∃λΠ]/)) return 'keyword';
  if (stream.match(/^(?:==>|<=>|==|!=|<=|>=|=>|->|&&|\|\||::|\+\+|[-+*/%<>=!|\\∧∨¬→⇒⇔≠≤≥×↦∈])/)) return 'operator';
  stream.next();
  return 'punctuation';
}

function proseToken(stream) {
  if (stream.sol() && stream.match(/^#{1,6}\s/)) {
    stream.skipToEnd();
    return 'heading';
  }
  if (stream.match(/^`[^`]*`/)) return 'monospace';
  if (stream.match(/^\*\*[^*]+\*\*/)) return 'strong';
  if (stream.match(/^(?:_[^_\s][^_]*_|\*[^*\s][^*]*\*)/)) return 'emphasis';
  stream.next();
  stream.eatWhile(/[^`*_]/);
  return null;
}

export const specDocument = StreamLanguage.define({
  name: 'spec-ir',
  startState: () => ({ fence: null, line: null }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (stream.sol()) {
      const { fence, is } = afterLine(stream.string, state.fence);
      state.line = is === 'inside' && fence.spec ? 'spec' : is === 'inside' ? 'other' : is;
      state.fence = fence;
      if (is === 'open' || is === 'close') {
        stream.skipToEnd();
        return 'fence';
      }
    }
    if (state.line === 'spec') return specToken(stream);
    if (state.line === 'prose') return proseToken(stream);
    stream.skipToEnd();
    return 'other';
  },
  blankLine(state) {
    const { fence, is } = afterLine('', state.fence);
    state.fence = fence;
    state.line = is;
  },
  tokenTable: {
    declaring: tags.definitionKeyword,
    placed: tags.modifier,
    function: tags.function(tags.variableName),
    hole: tags.special(tags.variableName),
    fence: tags.processingInstruction,
    other: tags.monospace,
  },
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
});

/** Colours are tokens of the page's style sheet, so light, dark and forced colours need nothing here. */
export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.definitionKeyword, tags.keyword, tags.controlKeyword, tags.operatorKeyword], class: 'tok-keyword' },
    { tag: tags.modifier, class: 'tok-placed' },
    { tag: [tags.typeName, tags.className], class: 'tok-type' },
    { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], class: 'tok-function' },
    { tag: tags.special(tags.variableName), class: 'tok-hole' },
    { tag: [tags.number, tags.atom, tags.bool, tags.standard(tags.variableName)], class: 'tok-value' },
    { tag: [tags.string, tags.special(tags.string)], class: 'tok-string' },
    { tag: [tags.comment, tags.docString], class: 'tok-comment' },
    { tag: [tags.operator, tags.punctuation], class: 'tok-operator' },
    { tag: tags.heading, class: 'tok-heading' },
    { tag: tags.strong, class: 'tok-strong' },
    { tag: tags.emphasis, class: 'tok-emphasis' },
    { tag: tags.monospace, class: 'tok-mono' },
    { tag: tags.processingInstruction, class: 'tok-fence' },
    { tag: tags.meta, class: 'tok-meta' },
  ]),
);
