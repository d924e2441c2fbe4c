// What a person does on the workbench, in words the tests can use.

import assert from 'node:assert/strict';

/** A plain server has no `/health`: the first look for it, before the page has its helper, is an error by nature. */
export const noServer = /\/health|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;

/** Waits until the engine runs. */
export async function ready(page) {
  page.setDefaultTimeout(15_000);
  await page.locator('.status .engine.is-proved').waitFor();
}

/** Waits until everything shown is about the document as it is. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const { revision, checked, verified } = document.querySelector('main').dataset;
    return revision === checked && revision === verified;
  });
}

/** Waits until the document as it is has been checked. */
export async function checked(page) {
  await page.waitForFunction(() => {
    const { revision, checked } = document.querySelector('main').dataset;
    return revision === checked;
  });
}

/** Drafts from words and waits for the verdicts. */
export async function draft(page, words) {
  await page.getByLabel('What do you want?').fill(words);
  await page.keyboard.press('Enter');
  await page.locator('.origin q', { hasText: words }).waitFor({ state: 'attached' });
  await settled(page);
}

/** Replaces the document by typing, as pasting does. */
export async function write(page, text) {
  await page.locator('.editor .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

/** The document: what the page keeps for the next visit. */
export function documentText(page) {
  return page.evaluate(() => localStorage.getItem('lift.document') ?? '');
}

/** Shows a panel. */
export async function show(page, name) {
  await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name }).click();
}

/** The verdict of a declaration, in the words of the proof panel. */
export async function verdictOf(page, name) {
  const card = page.locator('.declaration', { has: page.locator('.declaration-name', { hasText: new RegExp(`^${name}$`) }) });
  const text = await card.locator('.card-head .badge').textContent();
  return text.replace(/[^a-z]/g, '');
}

/** A document of declarations in one fence. */
export function fenced(...declarations) {
  return ['```spec-ir', ...declarations, '```', ''].join('\n');
}

/** Asserts that a string holds a part, showing it when it does not. */
export function assertHas(text, part) {
  assert.ok(text.includes(part), `expected ${JSON.stringify(part)} in:\n${text}`);
}
