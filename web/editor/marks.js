// What the engine found, shown on the text: verdicts in the margins, holes as marks, a fit as a preview.
//
// Everything moves with the text when it is edited, until the engine answers for the new text.

import { Decoration, EditorView, GutterMarker, WidgetType, gutter } from '@codemirror/view';
import { RangeSet, StateEffect, StateField } from '@codemirror/state';

// ------------------------------------------------------------------------------------------------- verdicts

export const setVerdicts = StateEffect.define();
export const setFreshness = StateEffect.define();

const shapes = { proved: '✓', refuted: '✗', unknown: '?', running: '…', stale: '◌', open: '○' };

class Verdict extends GutterMarker {
  constructor({ verdict, label, title }) {
    super();
    Object.assign(this, { verdict, label, title });
  }
  eq(other) {
    return other.verdict === this.verdict && other.label === this.label && other.title === this.title;
  }
}

class Shape extends Verdict {
  toDOM() {
    const dom = document.createElement('span');
    dom.className = `verdict-shape is-${this.verdict}`;
    dom.textContent = shapes[this.verdict] ?? '';
    dom.title = this.title;
    return dom;
  }
}

class Words extends Verdict {
  toDOM() {
    const dom = document.createElement('span');
    dom.className = `verdict-words is-${this.verdict}`;
    dom.textContent = this.label;
    dom.title = this.title;
    return dom;
  }
}

class Spacer extends GutterMarker {
  constructor(text, name) {
    super();
    Object.assign(this, { text, name });
  }
  toDOM() {
    const dom = document.createElement('span');
    dom.className = this.name;
    dom.textContent = this.text;
    return dom;
  }
}

/** How the verdicts of an earlier text are shown. */
const older = ['stale', 'running'];
const as = (verdict) => ({ line, title }) => ({ line, verdict, label: verdict, title: `Before the last edit: ${title}` });

function markers(Marker, state, verdicts) {
  const ranges = verdicts
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map((verdict) => new Marker(verdict).range(state.doc.line(verdict.line).from));
  return RangeSet.of(ranges, true);
}

/** Shapes and words move together with the text, as answered and as each of `older`. */
const verdictField = StateField.define({
  create: () => ({ freshness: '', sets: [] }),
  update(value, change) {
    if (change.docChanged) value = { ...value, sets: value.sets.map((set) => set.map(change.changes)) };
    for (const effect of change.effects) {
      if (effect.is(setFreshness)) value = { ...value, freshness: effect.value };
      if (effect.is(setVerdicts)) {
        const lists = [effect.value, ...older.map((word) => effect.value.map(as(word)))];
        const sets = lists.flatMap((list) => [markers(Shape, change.state, list), markers(Words, change.state, list)]);
        value = { ...value, sets };
      }
    }
    return value;
  },
});

const shapesOf = (view) => setOf(view, 0);
const wordsOf = (view) => setOf(view, 1);

function setOf(view, which) {
  const { freshness, sets } = view.state.field(verdictField);
  return sets[2 * (older.indexOf(freshness) + 1) + which] ?? RangeSet.empty;
}

/** A shape before the line numbers, the word in the right margin. `pick` is told the line of a marker that is clicked. */
export function verdictGutters(pick) {
  const clicked = (view, block) => {
    pick(view.state.doc.lineAt(block.from).number);
    return true;
  };
  const domEventHandlers = { mousedown: clicked };
  return [
    verdictField,
    gutter({
      class: 'cm-verdicts',
      markers: shapesOf,
      initialSpacer: () => new Spacer('✓', 'verdict-shape'),
      domEventHandlers,
    }),
    gutter({
      class: 'cm-verdict-words',
      side: 'after',
      markers: wordsOf,
      initialSpacer: () => new Spacer('refuted', 'verdict-words'),
      domEventHandlers,
    }),
  ];
}

// ---------------------------------------------------------------------------------------------------- holes

export const setHoles = StateEffect.define();
export const setPreview = StateEffect.define();

const hole = (name, chosen) =>
  Decoration.mark({ class: chosen ? 'cm-hole cm-hole-chosen' : 'cm-hole', attributes: { 'data-hole': name } });

class Preview extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    const dom = document.createElement('span');
    dom.className = 'cm-preview';
    dom.textContent = this.text;
    dom.ariaHidden = 'true';
    return dom;
  }
}

const holeField = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    if (change.docChanged) value = value.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(setHoles)) {
        const length = change.state.doc.length;
        const ranges = effect.value
          .filter(({ from, to }) => from < to && to <= length)
          .map(({ from, to, name, chosen }) => hole(name, chosen).range(from, to));
        value = Decoration.set(ranges, true);
      }
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const previewField = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    if (change.docChanged) return Decoration.none;
    for (const effect of change.effects) {
      if (!effect.is(setPreview)) continue;
      const shown = effect.value.filter(({ to }) => to <= change.state.doc.length);
      value = Decoration.set(
        shown.map(({ to, text }) => Decoration.widget({ widget: new Preview(text), side: 1 }).range(to)),
        true,
      );
    }
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Holes as marks that can be clicked: `pick` is told the name. */
export function holeMarks(pick) {
  return [
    holeField,
    previewField,
    EditorView.domEventHandlers({
      mousedown(event) {
        const name = event.target.closest?.('[data-hole]')?.dataset.hole;
        if (name) pick(name);
        return false;
      },
    }),
  ];
}
