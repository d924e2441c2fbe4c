// Diagnostics in place: squiggles, and on hover or on F8 what is wrong, where else, and what to do.

import { linter, setDiagnostics } from '@codemirror/lint';

/** A sentence in which what stands between backticks is code. */
function part(name, text) {
  const dom = document.createElement('div');
  dom.className = name;
  const parts = text.split('`');
  parts.forEach((words, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    const node = isCode ? document.createElement('code') : document.createTextNode(index % 2 === 1 ? `\`${words}` : words);
    if (isCode) node.textContent = words;
    dom.append(node);
  });
  return dom;
}

function shown(problem, explain) {
  const dom = document.createElement('div');
  dom.className = 'problem';
  const head = part('problem-head', problem.message);
  if (problem.code) {
    const code = document.createElement('button');
    code.type = 'button';
    code.className = 'code';
    code.textContent = problem.code;
    code.title = 'What does this mean?';
    code.onclick = () => explain(problem.code);
    head.prepend(code);
  }
  dom.append(head);
  for (const label of problem.labels) dom.append(part('problem-label', `Line ${label.line}: ${label.message}`));
  if (problem.hint) dom.append(part('problem-hint', problem.hint));
  return dom;
}

/** No source of its own: the engine pushes. */
export const problems = [linter(null, { delay: 0 })];

/**
 * The transaction that shows `list` of `{from, to, severity, code, message, labels, hint}`; `explain` is called with a
 * code when its long form is asked for.
 */
export function showProblems(state, list, explain) {
  const length = state.doc.length;
  const marks = list
    .filter(({ from }) => from <= length)
    .map((problem) => ({
      from: problem.from,
      to: Math.min(problem.to, length),
      severity: problem.severity,
      message: problem.message,
      markClass: `cm-problem-${problem.severity}`,
      renderMessage: () => shown(problem, explain),
    }));
  return setDiagnostics(state, marks);
}
