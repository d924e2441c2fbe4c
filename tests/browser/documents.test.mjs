// Several documents on the workbench: kept by name, imported by name, never lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, screenshot, startServer } from './harness.mjs';
import { assertHas, checked, documentText, draft, fenced, ready, settled, show, verdictOf, write } from './page.mjs';

const AGES = fenced(
  'type Age = {x: Int | 0 <= x && x <= 150}',
  'spec Older(age: Age, result: Age) {',
  '  requires age < 150',
  '  ensures more: result > age',
  '}',
);
const MAIN = fenced(
  'import "ages.spec.md" as ages',
  'def birthday(age: ages.Age): ages.Age implements ages.Older = age + 1',
  'def later(age: ages.Age): ages.Age = ?when',
  'examples { birthday(3) == 4 }',
);

async function served(t, options = {}) {
  const server = await startServer(t);
  const page = await openPage(t, server.url, options);
  await ready(page);
  return page;
}

const sheet = (page) => page.getByRole('dialog', { name: 'Documents' });

async function openSheet(page) {
  await page.getByRole('button', { name: /^Documents/ }).click();
  await sheet(page).waitFor();
}

/** Gives the document shown a name. */
async function name(page, called) {
  await openSheet(page);
  await sheet(page).getByLabel('This document is called').fill(called);
  await sheet(page).getByRole('button', { name: 'Name it' }).click();
  await page.getByRole('button', { name: `Documents: this is ${called}` }).waitFor({ state: 'attached' });
  await sheet(page).getByRole('button', { name: 'Close' }).click();
}

async function begin(page) {
  await openSheet(page);
  await sheet(page).getByRole('button', { name: 'New document' }).click();
  await sheet(page).waitFor({ state: 'hidden' });
}

async function turnTo(page, called) {
  await openSheet(page);
  await sheet(page).getByRole('button', { name: called, exact: true }).click();
  await sheet(page).waitFor({ state: 'hidden' });
}

/** The ages kept, and a document that imports them shown. */
async function both(page) {
  await write(page, AGES);
  await name(page, 'ages.spec.md');
  await begin(page);
  await write(page, MAIN);
  await settled(page);
}

test('a document imports another that the browser keeps, is proved with it, and runs with it', async (t) => {
  const page = await served(t);
  await both(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'birthday'), 'proved');
  assert.equal(await page.locator('.cm-lintRange-error').count(), 0);
  await page.getByRole('button', { name: 'Run examples' }).click();
  await page.locator('.tested', { hasText: '1 of 1 example holds, run by Python' }).waitFor();
  // The imported document changes, and with it what can be proved here.
  await name(page, 'main.spec.md');
  await turnTo(page, 'ages.spec.md');
  assertHas(await documentText(page), 'spec Older');
  await write(page, AGES.replace('result > age', 'result > age + 1'));
  await settled(page);
  await turnTo(page, 'main.spec.md');
  await settled(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'birthday'), 'refuted');
});

test('an import that is not there says what to do, and works once it is there', async (t) => {
  const page = await served(t);
  await write(page, MAIN);
  await checked(page);
  const problem = page.locator('.problem-card', { hasText: 'there is no document' });
  await problem.waitFor();
  assertHas(await problem.textContent(), 'open that file here');
  // What is shown is not lost when a file is opened.
  await page.locator('input[type=file]').setInputFiles({ name: 'ages.spec.md', mimeType: 'text/markdown', buffer: Buffer.from(AGES) });
  await page.getByRole('button', { name: 'Documents: this is ages.spec.md' }).waitFor();
  await turnTo(page, 'birthday.spec.md');
  await settled(page);
  assertHas(await documentText(page), 'implements ages.Older');
  assert.equal(await page.locator('.problem-card', { hasText: 'there is no document' }).count(), 0);
});

test('what is wrong in an imported document is said where it is', async (t) => {
  const page = await served(t);
  await both(page);
  await name(page, 'main.spec.md');
  await turnTo(page, 'ages.spec.md');
  await write(page, AGES.replace('result: Age', 'result: Agee'));
  await settled(page);
  await turnTo(page, 'main.spec.md');
  await settled(page);
  const problem = page.locator('.problem-card', { hasText: 'has errors itself' });
  assertHas(await problem.textContent(), ': line 3, ');
  await screenshot(page, 'imports-broken');
});

test('no step loses a document', async (t) => {
  const page = await served(t);
  await both(page);
  await name(page, 'main.spec.md');
  // A draft takes its place without its name; undo brings both back.
  await draft(page, 'Apply a discount to a price');
  await page.getByRole('button', { name: 'Documents', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Documents: this is main.spec.md' }).waitFor();
  assert.equal(await documentText(page), MAIN);
  // Undo does not lead into another document.
  await turnTo(page, 'ages.spec.md');
  await page.getByRole('button', { name: 'Undo' }).click();
  await checked(page);
  assert.equal(await documentText(page), AGES);
  // A file of the same name does not take the place of what is kept.
  await turnTo(page, 'main.spec.md');
  const other = fenced('type Age = Int');
  await page.locator('input[type=file]').setInputFiles({ name: 'ages.spec.md', mimeType: 'text/markdown', buffer: Buffer.from(other) });
  await page.getByRole('button', { name: 'Documents: this is ages.spec.md' }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('lift.documents/ages-2.spec.md')), AGES);
  // A name that is taken is not given twice.
  await openSheet(page);
  await sheet(page).getByLabel('This document is called').fill('main');
  await sheet(page).getByRole('button', { name: 'Name it' }).click();
  await page.getByText('There is a document called main.spec.md already').first().waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('lift.documents/main.spec.md')), MAIN);
  // The next visit finds the same.
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: 'Documents: this is ages.spec.md' }).waitFor();
  assert.equal(await documentText(page), other);
});

test('names that are paths to elsewhere are refused', async (t) => {
  const page = await served(t);
  await write(page, AGES);
  await openSheet(page);
  for (const called of ['../ages', '/ages', 'a//b', 'C:ages', 'a\\b', '.ages', '~/ages', '']) {
    await sheet(page).getByLabel('This document is called').fill(called);
    await sheet(page).getByRole('button', { name: 'Name it' }).click();
    await page.getByText('A name has letters').first().waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('lift.documents/'))), [], called);
  }
});

test('all of it works from the keyboard', async (t) => {
  const page = await served(t);
  await write(page, AGES);
  await page.getByRole('button', { name: 'Documents', exact: true }).focus();
  await page.keyboard.press('Enter');
  await sheet(page).waitFor();
  await sheet(page).getByLabel('This document is called').focus();
  await page.keyboard.type('ages');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await sheet(page).waitFor({ state: 'hidden' });
  // The focus is back where it was.
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? '');
  assert.equal(await focused(), 'Documents: this is ages.spec.md');
});

for (const [look, options] of [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['narrow-dark', { colorScheme: 'dark', viewport: { width: 360, height: 740 } }],
]) {
  test(`it can be looked at: ${look}`, async (t) => {
    const page = await served(t, options);
    await both(page);
    await name(page, 'birthday.spec.md');
    await settled(page);
    await screenshot(page, `imports-${look}`);
    await openSheet(page);
    await screenshot(page, `documents-${look}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wide, false, 'nothing hangs over the edge');
  });
}
