// The workbench without a server: everything but Z3 and Python runs, and the page says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { serveFiles } from './files.mjs';
import { openPage, screenshot } from './harness.mjs';
import {
  assertHas, checked, documentText, draft, fenced, noServer, ready, settled, show, verdictOf, write,
} from './page.mjs';

async function alone(t, options = {}) {
  const files = await serveFiles(t);
  const page = await openPage(t, files.url, { expected: noServer, ...options });
  await ready(page);
  return { page, files };
}

test('an empty page says how to begin, and that no server is there', async (t) => {
  const { page } = await alone(t);
  await page.getByRole('heading', { name: 'Say what you want.' }).waitFor();
  await page.getByText('No server: built-in tiers only; Z3 and Python runs are unavailable').waitFor();
  await screenshot(page, 'empty-light');
});

test('words become a document with questions; an answer is taken, and can be reopened and undone', async (t) => {
  const { page } = await alone(t);
  await draft(page, 'Apply a discount to a price');
  assertHas(await documentText(page), 'def apply_discount');
  const question = page.locator('.hole', { hasText: '?in_percent' });
  await question.getByText('question').waitFor();
  const before = await documentText(page);
  await question.locator('.fit', { has: page.locator('.term', { hasText: /^true$/ }) }).click();
  await page.locator('.assumption', { hasText: '?in_percent = true' }).waitFor();
  await settled(page);
  assertHas(await documentText(page), 'because "chosen in the workbench"');
  await page.locator('.assumption', { hasText: '?in_percent' }).getByRole('button', { name: 'Reopen' }).click();
  await question.waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await checked(page);
  assert.equal(await documentText(page), before);
});

test('a fit is shown in the text, taken with one key, and the verdict changes', async (t) => {
  const { page } = await alone(t);
  await write(page, fenced(
    'def bigger(a: Int, b: Int): Int',
    '  ensures result >= a && result >= b',
    '  = if a >= b then a else ?other',
  ));
  await settled(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'bigger'), 'unknown');
  await show(page, 'Open');
  const fits = page.locator('.hole.chosen .fit');
  await fits.first().waitFor();
  const terms = await page.locator('.hole.chosen .fit .term').allTextContents();
  const key = terms.indexOf('b') + 1;
  assert.ok(key > 0, `b is offered: ${terms}`);
  await fits.nth(key - 1).hover();
  await page.locator('.cm-preview', { hasText: /^b$/ }).waitFor();
  await page.keyboard.press('ControlOrMeta+.');
  await page.keyboard.press(String(key));
  await page.locator('.editor .cm-content').getByText('else b').waitFor();
  await settled(page);
  assertHas(await documentText(page), 'else b');
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'bigger'), 'proved');
  await page.locator('.cm-verdict-words', { hasText: 'proved' }).waitFor();
});

test('a wrong definition is refuted with a counterexample that was run, in the margin, the text and the panel', async (t) => {
  const { page } = await alone(t);
  await write(page, fenced('def distance(n: Int): Int', '  ensures result >= 0', '  = n'));
  await settled(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'distance'), 'refuted');
  await page.getByText('Counterexample. Confirmed by running it.').waitFor();
  await page.locator('.counterexample', { hasText: '-1' }).waitFor();
  await page.locator('.cm-verdicts .is-refuted').waitFor();
  await page.locator('.cm-lintRange-error').first().waitFor();
});

test('a mistake is underlined, listed and explained', async (t) => {
  const { page } = await alone(t);
  await write(page, fenced('def twice(n: Int): Int = m + n'));
  await checked(page);
  await page.locator('.cm-lintRange-error', { hasText: 'm' }).waitFor();
  await page.keyboard.press('F8');
  await page.locator('.cm-tooltip').getByText('there is no value called').waitFor();
  await page.locator('.problem-card').getByRole('button', { name: 'E0102' }).click();
  await page.getByRole('dialog').getByText('E0102').waitFor();
  await page.keyboard.press('Escape');
});

test('ten thousand nested parentheses give a diagnostic and the engine goes on', async (t) => {
  const { page } = await alone(t);
  const deep = `${'('.repeat(10_000)}1${')'.repeat(10_000)}`;
  await write(page, fenced(`def deep(): Int = ${deep}`));
  await page.locator('.problem-card').first().waitFor();
  await page.locator('.status .engine', { hasText: 'Engine ready' }).waitFor();
  await write(page, fenced('def shallow(): Int = (1)'));
  await settled(page);
  assert.equal(await page.locator('.problem-card').count(), 0);
});

test('an expression is evaluated around a hole, and with a value when it is filled', async (t) => {
  const { page } = await alone(t);
  await write(page, fenced('def scaled(n: Int): Int = n * ?factor'));
  await checked(page);
  const value = page.locator('.evaluate .value');
  const ask = async (expression) => {
    await page.getByLabel('Try').fill(expression);
    await page.keyboard.press('Enter');
  };
  await ask('scaled(3)');
  await value.getByText('3 * ?factor').waitFor();
  await value.getByText('1 hole reached').waitFor();
  await ask('max(2, 40 + 2)');
  await value.getByText('42').waitFor();
  await ask('max(2, ');
  await value.getByText('error:').waitFor();
});

test('what is known of a hole stands on its card with the reasons, and the one answer left can be taken', async (t) => {
  const { page } = await alone(t);
  const above = 'def above(k: {k: Int | k > 0}): Int = k';
  await write(page, fenced(above, 'def low(): Int = let y = ?low in above(y)', 'def next(x: Int): Int ensures result == x + 1 = ?step'));
  await checked(page);
  const card = (name) => page.locator('.card.hole').filter({ has: page.locator('.hole-name', { hasText: name }) });
  await card('low').getByText('2 things known').click();
  await card('low').getByText('because y is ?low').first().waitFor();
  await card('step').locator('.kind', { hasText: 'solved' }).waitFor();
  await card('step').getByText('It can only be').waitFor();
  await card('step').getByRole('button', { name: 'x + 1' }).click();
  await page.locator('.editor .cm-content').getByText('= x + 1').waitFor();
  await card('step').waitFor({ state: 'detached' });
});

test('the document is there on the next visit, and travels in a link', async (t) => {
  const { page, files } = await alone(t);
  const text = fenced('def kept(): Int = 1 // ∀ 🙂');
  await write(page, text);
  await checked(page);
  await page.reload();
  await ready(page);
  await page.locator('.editor .cm-content').getByText('kept').waitFor();
  const address = await link(page, files.url, fenced('def shared(): Int = 2 // ∀ 🙂'));
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.editor .cm-content').getByText('shared').waitFor();
  await checked(page);
  assertHas(await documentText(page), '∀ 🙂');
  assert.equal(new URL(page.url()).hash, '');
  // What was there before is one undo away.
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.editor .cm-content').getByText('kept').waitFor();
  // Pasted over the address of the open page.
  await page.evaluate((hash) => (location.hash = hash), new URL(address).hash);
  await page.locator('.editor .cm-content').getByText('shared').waitFor();
});

/** An address that holds a document, made by the page's own packing. */
async function link(page, url, text) {
  const packed = await page.evaluate(async (source) => {
    const { pack } = await import('/editor.js');
    return pack(source);
  }, text);
  return `${url}/#doc=${packed}`;
}

test('a link that holds no document, or too much, is refused with its reason, and nothing is lost', async (t) => {
  const { page, files } = await alone(t);
  const text = fenced('def mine(): Int = 1');
  await write(page, text);
  await checked(page);
  const whole = new URL(await link(page, files.url, fenced('def other(): Int = 2'))).hash;
  const squeezed = (bytes) => `#doc=1.${deflateRawSync(bytes).toString('base64url')}`;
  // A bomb is 64 MiB in 64 KiB. Neighbours differ in their reason, so that none is taken for the one before.
  for (const [hash, reason] of [
    ['#doc=', 'cut short or changed'],
    [squeezed(Buffer.alloc(64 << 20)), 'longer than a document may be'],
    ['#doc=nonsense', 'cut short or changed'],
    [squeezed(Buffer.alloc((1 << 20) + 1, 'a ')), 'longer than a document may be'],
    ['#doc=1.', 'cut short or changed'],
    [`#doc=1.${'A'.repeat(1 << 20)}`, 'longer than a document may be'],
    ['#doc=1.%F0%9F%99%82', 'cut short or changed'],
    [whole.replace('=1.', '=2.'), 'another version of lift'],
    [whole.slice(0, -9), 'cut short or changed'],
    ['#doc=99.', 'another version of lift'],
    [squeezed(Buffer.from([0xff, 0xfe, 0xfd])), 'cut short or changed'],
  ]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator('.notice.shown').getByText(reason).waitFor();
    assert.equal(await documentText(page), text, hash.slice(0, 20));
    assertHas(await page.locator('.editor .cm-content').textContent(), 'mine');
  }
  await page.reload();
  await page.locator('.editor .cm-content').getByText('mine').waitFor();
});

test('an engine that breaks down is started again, says so, and goes on', async (t) => {
  const { page } = await alone(t, { expected: /\/health|RuntimeError/ });
  await write(page, fenced('def before(): Int = 1'));
  await settled(page);
  // As a trap in the engine arrives: out of a message, and out of what was begun earlier.
  for (const [name, trap] of [
    ['thrown', () => setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); })],
    ['rejected', () => { Promise.reject(new WebAssembly.RuntimeError('unreachable')); }],
  ]) {
    const [worker] = page.workers().filter((it) => it.url().includes('lift-engine'));
    await worker.evaluate(trap);
    await page.locator('.status .engine', { hasText: 'broke down' }).waitFor();
    await page.locator('.notice.shown', { hasText: 'was started again' }).waitFor();
    await write(page, fenced(`def ${name}(): Int = 1 + true`));
    await page.locator('.problem-card').first().waitFor();
    await page.locator('.status .engine', { hasText: 'Engine ready' }).waitFor();
  }
});

test('an engine that cannot be loaded says what to do, and is tried again when the document changes', async (t) => {
  const files = await serveFiles(t);
  files.missing.add('/lift-engine_loader.js');
  const page = await openPage(t, files.url, { expected: /health|lift-engine/ });
  await page.locator('.status .engine', { hasText: 'could not be loaded' }).waitFor();
  files.missing.clear();
  await write(page, fenced('def wrong(): Int = true'));
  await page.locator('.problem-card').first().waitFor();
  await page.locator('.status .engine', { hasText: 'Engine ready' }).waitFor();
});

test('a list of twenty thousand elements is checked like any other, and the engine goes on', async (t) => {
  const { page } = await alone(t);
  await write(page, fenced(`def long(): List Int = [${Array(20_000).fill('1').join(', ')}]`));
  await settled(page);
  assert.equal(await page.locator('.status .engine').textContent(), 'Engine ready');
  assert.equal(await page.locator('.problem-card').count(), 0);
  await write(page, fenced('def wrong(): Int = true'));
  await page.locator('.problem-card').first().waitFor();
});

test('what the page is made of is kept: it opens again when even the files are gone', async (t) => {
  const { page, files } = await alone(t);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => (await (await caches.open('lift-workbench')).keys()).length >= 10);
  await files.stop();
  await page.reload();
  await ready(page);
  await write(page, fenced('def again(): Int = 1 + true'));
  await page.locator('.problem-card').first().waitFor();
  await page.getByText('No server: built-in tiers only').waitFor();
});

test('a sentence that cannot be placed gives holes and questions, not code', async (t) => {
  const { page } = await alone(t);
  await draft(page, 'make the customers happier');
  await page.locator('.hole').first().waitFor();
  assert.equal(await page.locator('.problem-card').count(), 0);
});
