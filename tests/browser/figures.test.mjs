// How fast the workbench answers: figures to read, beside the budgets of the design. They assert
// nothing about time.

import { test } from 'node:test';
import { serveFiles } from './files.mjs';
import { openPage, startServer } from './harness.mjs';
import { checked, noServer, ready, settled, write } from './page.mjs';

const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

/** A document of about a thousand lines that says something on every line. */
function longDocument() {
  const parts = Array.from({ length: 100 }, (_, i) => [
    `## Part ${i}`,
    '',
    '```spec-ir',
    `def clamp${i}(x: Int, low: Int, high: Int): Int`,
    '  requires low <= high',
    '  ensures low <= result && result <= high',
    '  = if x < low then low else if x > high then high else x',
    '',
    `def scaled${i}(n: Int): Int = clamp${i}(n, 0, ${i}) * ${i % 7 === 0 ? '?factor' : '2'}${i % 7 === 0 ? i : ''}`,
    '```',
  ]);
  return parts.flat().join('\n');
}

test('first paint and start of the engine', async (t) => {
  const { url } = await startServer(t);
  const page = await openPage(t, url);
  await ready(page);
  const figures = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    engine: performance.now(),
  }));
  t.diagnostic(`first contentful paint ${figures.paint?.toFixed(0)} ms, engine ready ${figures.engine.toFixed(0)} ms; budget 1000 ms on localhost`);
});

test('one keystroke in a document of a thousand lines', async (t) => {
  const { url } = await serveFiles(t);
  const page = await openPage(t, url, { expected: noServer });
  await ready(page);
  await write(page, longDocument());
  await settled(page);
  await page.evaluate(() => {
    const main = document.querySelector('main');
    const figures = { shown: [], engine: [] };
    let began = null;
    document.querySelector('.cm-content').addEventListener('beforeinput', () => (began = performance.now()), true);
    new MutationObserver(() => {
      if (began === null || main.dataset.checked !== main.dataset.revision) return;
      figures.shown.push(performance.now() - began);
      figures.engine.push(Number.parseFloat(document.querySelector('.status .micros').textContent));
      began = null;
    }).observe(main, { attributes: true, attributeFilter: ['data-checked'] });
    globalThis.figures = figures;
  });
  await page.locator('.editor .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText('\n\n```spec-ir\n\n```\n');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await checked(page);
  for (const letter of 'def typed(first: Int, second: Int): Int = first * second + clamp3(first, 1, 2)') {
    await page.keyboard.insertText(letter);
    await checked(page);
  }
  const { shown, engine } = await page.evaluate(() => globalThis.figures);
  const tell = (what, values) =>
    t.diagnostic(`${what}: p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms, ${values.length} keystrokes`);
  tell('from keystroke to diagnostics', shown);
  tell('of that in the engine; budget 16 ms at p95', engine);
});
