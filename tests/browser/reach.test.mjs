// Everyone can use it: by keyboard alone, on a narrow screen, in light and dark, with assistive technology.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { serveFiles } from './files.mjs';
import { openPage, screenshot } from './harness.mjs';
import { assertHas, documentText, draft, fenced, noServer, ready, settled, show, write } from './page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const wrong = fenced(
  'def distance(n: Int): Int ensures result >= 0 = n',
  'def half(n: Int): Int = n / ?by',
  'def twice(n: Int): Int = m + n',
  'examples { half(4) == 2 }',
);

async function open(t, options) {
  const files = await serveFiles(t);
  const page = await openPage(t, files.url, { expected: noServer, ...options });
  await ready(page);
  return page;
}

/** What axe finds against WCAG 2.2 AA and its own best practices. */
async function faults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('\n  ')}`);
}

for (const colorScheme of ['light', 'dark']) {
  test(`no barrier that axe knows of, ${colorScheme}: empty, drafted, refuted, narrow`, async (t) => {
    const page = await open(t, { colorScheme });
    assert.deepEqual(await faults(page), []);
    await draft(page, 'Turn a score from 0 to 100 into a letter grade');
    await screenshot(page, `drafted-${colorScheme}`);
    assert.deepEqual(await faults(page), []);
    await write(page, wrong);
    await settled(page);
    await show(page, 'Open');
    await page.locator('.fit').first().waitFor();
    await screenshot(page, `open-${colorScheme}`);
    assert.deepEqual(await faults(page), []);
    await show(page, 'Proof');
    await screenshot(page, `proof-${colorScheme}`);
    assert.deepEqual(await faults(page), []);
    await page.setViewportSize({ width: 360, height: 740 });
    await screenshot(page, `narrow-${colorScheme}`);
    assert.deepEqual(await faults(page), []);
  });
}

test('nothing is cut off sideways at 360 pixels, in any panel', async (t) => {
  const page = await open(t, { viewport: { width: 360, height: 740 } });
  await write(page, wrong);
  await settled(page);
  for (const name of ['Document', 'Open', 'Proof', 'Python']) {
    await show(page, name);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${name}: ${width} px wide`);
  }
});

test('at twice the size nothing is cut off sideways and there is room to work', async (t) => {
  // What 1280 by 800 leaves at 200%.
  const page = await open(t, { viewport: { width: 640, height: 400 } });
  await write(page, wrong);
  await settled(page);
  for (const [name, part] of [['Document', '.editor'], ['Open', '.holes'], ['Proof', '.proof'], ['Python', '.python']]) {
    await show(page, name);
    const { width, height } = await page.evaluate((part) => ({
      width: document.documentElement.scrollWidth,
      height: document.querySelector(part).getBoundingClientRect().height,
    }), part);
    assert.ok(width <= 640, `${name}: ${width} px wide`);
    assert.ok(height >= 200, `${name}: ${height} px high`);
  }
  assert.deepEqual(await faults(page), []);
  await screenshot(page, 'zoomed-light');
});

test('the way from words to a decided document needs no mouse', async (t) => {
  const page = await open(t);
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the editor');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'prompt');
  await page.keyboard.type('Apply a discount to a price');
  await page.keyboard.press('Enter');
  await page.locator('.origin').waitFor({ state: 'attached' });
  await settled(page);
  // To the next question and back, which also shows it in the text.
  await page.keyboard.press('F9');
  await page.locator('.hole.chosen', { hasText: '?round_up' }).waitFor();
  await page.keyboard.press('Shift+F9');
  await page.locator('.hole.chosen', { hasText: '?in_percent' }).waitFor();
  // To its answers, and take the first; what is open next is looked at by itself.
  for (const hole of ['?in_percent', '?round_up']) {
    await page.keyboard.press('ControlOrMeta+.');
    await page.keyboard.press('1');
    await page.locator('.assumption', { hasText: hole }).waitFor();
    await settled(page);
  }
  assert.equal(await page.locator('.card.hole').count(), 0);
  // Round the panels, and out of the editor with Tab alone.
  await page.keyboard.press('F6');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.editor') !== null), true);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.editor') === null), true);
  for (const title of ['holes-title', 'proof-title', 'python-title']) {
    await page.keyboard.press('F6');
    await page.waitForFunction((id) => document.activeElement?.id === id, title);
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('ControlOrMeta+K');
  assert.equal(await focused(), 'prompt');
  assertHas(await documentText(page), 'def apply_discount');
});

test('single keys can be switched off', async (t) => {
  const page = await open(t);
  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  assert.equal(await page.getByRole('dialog', { name: 'Keys' }).count(), 0);
});

test('verdicts that change are told to screen readers', async (t) => {
  const page = await open(t);
  await write(page, fenced('def one(): Int ensures result == 1 = 1'));
  await page.locator('[role=status][aria-live=polite]', { hasText: 'one: proved' }).waitFor({ state: 'attached' });
  await write(page, fenced('def one(): Int ensures result == 1 = 2'));
  await page.locator('[role=status][aria-live=polite]', { hasText: 'one: refuted' }).waitFor({ state: 'attached' });
});

test('a chosen theme stays, and wins over that of the system', async (t) => {
  const page = await open(t, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  assert.notEqual(await ground(), light);
  await page.reload();
  await ready(page);
  assert.notEqual(await ground(), light);
});
