// The workbench as `lift serve` serves it: Z3 and Python behind it, and what happens when the server goes and comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingProxy, openPage, screenshot, startServer } from './harness.mjs';
import { assertHas, checked, documentText, draft, fenced, ready, settled, show, verdictOf, write } from './page.mjs';

/** What a page complains of when its server is killed while it is open. */
const gone = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|Failed to fetch/;

/** Only Z3 proves this one, here. */
const square = 'def square(n: Int): Int\n  ensures result >= n\n  = n * n';

async function served(t, options = {}) {
  const server = await startServer(t);
  const page = await openPage(t, server.url, { expected: gone, ...options });
  await ready(page);
  await page.locator('.status .server.is-proved').waitFor();
  return { server, page };
}

/** How the obligations of a declaration were settled: tier and engine. */
async function settledBy(page, name) {
  const card = page.locator('.declaration', { has: page.locator('.declaration-name', { hasText: new RegExp(`^${name}$`) }) });
  return card.locator('.settled').first().textContent();
}

test('from words to holes, a fit, a verdict of Z3, and the examples run as Python', async (t) => {
  const { page } = await served(t);
  const status = await page.locator('.status .server').textContent();
  assert.match(status, /^Z3 \d+\.\d+\.\d+.* and Python 3\.\d+\.\d+ via server$/);

  await draft(page, 'Apply a discount to a price');
  for (const hole of ['?in_percent', '?round_up']) {
    await page.locator('.hole', { hasText: hole }).locator('.fit').first().click();
    await page.locator('.assumption', { hasText: hole }).waitFor();
    await settled(page);
  }
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'apply_discount'), 'proved');
  await page.getByRole('button', { name: 'Run examples' }).click();
  await page.locator('.tested', { hasText: /^✓ (\d+) of \1 examples hold, run by Python 3/ }).waitFor();
  await screenshot(page, 'served-light');

  await write(page, fenced(square, 'def wrong(n: Int): Int', '  ensures result > n', '  = n * n', 'examples { square(3) == 9 }'));
  await settled(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'square'), 'proved');
  assert.match(await settledBy(page, 'square'), /z3 \d+\.\d+\.\d+/);
  assert.equal(await verdictOf(page, 'wrong'), 'refuted');
  // What ran was another document.
  assert.match(await page.locator('.tested').textContent(), /has changed since/);
});

test('an example that fails in Python is shown with what came out', async (t) => {
  const { page } = await served(t);
  await write(page, fenced('def twice(n: Int): Int = n + n', 'examples { twice(2) == 5  twice(1) == 2 }'));
  await settled(page);
  await page.getByRole('button', { name: 'Run examples' }).click();
  await page.locator('.tested').getByText('1 of 2 examples hold, run by Python').waitFor();
  assertHas(await page.locator('.tested .example').textContent(), 'expected 5');
});

test('the server is killed and comes back; the page says so and goes on meanwhile', async (t) => {
  const { server, page } = await served(t);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await write(page, fenced(square));
  await settled(page);
  await show(page, 'Proof');
  assert.equal(await verdictOf(page, 'square'), 'proved');
  // The idioms are fetched when the page has come to rest.
  await page.waitForTimeout(3_000);

  await server.kill();
  await page.getByText('No server: built-in tiers only; Z3 and Python runs are unavailable').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Run examples' }).isDisabled(), true);
  // What was proved of this text stays proved, also next to something new; only the new is unknown, and says why.
  const grown = fenced(square, 'def cube(n: Int): Int', '  requires n >= 0', '  ensures result >= n', '  = n * n * n');
  await write(page, grown);
  await settled(page);
  assert.equal(await verdictOf(page, 'square'), 'proved');
  assert.equal(await verdictOf(page, 'cube'), 'unknown');
  await page.locator('.obligation', { hasText: 'its server is away' }).waitFor();
  // Everything else works: mistakes, drafting, fits, values.
  await write(page, fenced('def twice(n: Int): Int = m + n'));
  await checked(page);
  await page.locator('.cm-lintRange-error', { hasText: 'm' }).waitFor();
  await draft(page, 'Clamp a number between a lower and an upper bound');
  await page.getByLabel('Try').fill('clamp(12, 0, 10)');
  await page.keyboard.press('Enter');
  await page.locator('.evaluate .value').getByText('10').waitFor();
  await write(page, grown);
  await settled(page);

  await startServer(t, { folder: server.folder, port: server.port });
  await page.locator('.status .server.is-proved').waitFor({ timeout: 20_000 });
  await page.waitForFunction(() => [...document.querySelectorAll('.declaration .badge.is-proved')].length >= 4);
  assert.equal(await verdictOf(page, 'cube'), 'proved');
  assert.equal(await documentText(page), grown);
});

test('the page opens again without its server, from what it kept of this release', async (t) => {
  const { server, page } = await served(t);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    const cache = await caches.open('lift-workbench');
    return (await cache.keys()).filter((it) => new URL(it.url).pathname.startsWith('/release/')).length >= 9;
  });
  await server.kill();
  await page.reload();
  await ready(page);
  await write(page, fenced('def again(): Int = 1 + true'));
  await page.locator('.problem-card').first().waitFor();
});

test('the first visit downloads less than a megabyte, compressed, and the second next to nothing', async (t) => {
  const server = await startServer(t);
  const proxy = await countingProxy(t);
  const page = await openPage(t, server.url, { proxy: proxy.url });
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // What is fetched once the page has come to rest, nobody waits for.
  const visit = () => proxy.answers.filter(({ path }) => !path.endsWith('library.json'));
  const total = () => visit().reduce((sum, { bytes }) => sum + bytes, 0);
  const first = total();
  for (const { path, coding, bytes } of proxy.answers) t.diagnostic(`${path.replace(/^.release.[^/]*/, '')}: ${bytes} bytes ${coding}`);
  t.diagnostic(`first visit: ${first} bytes over the wire; budget 1,000,000`);
  assert.ok(proxy.answers.some(({ path }) => path.endsWith('lift-engine_bg.wasm')), 'the engine is counted');
  assert.ok(first < 1_000_000, `${first} bytes; \`make web\` builds and compresses what is served`);
  await page.reload();
  await ready(page);
  const second = total() - first;
  t.diagnostic(`second visit: ${second} bytes`);
  assert.ok(second < 20_000, `${second} bytes`);
});

test('nothing the page loads or says breaks its own rules: types, caching, content security', async (t) => {
  const server = await startServer(t);
  const answers = [];
  const page = await openPage(t, 'about:blank');
  page.on('response', (response) => answers.push(response));
  await page.goto(server.url);
  await ready(page);
  const files = answers.filter((answer) => new URL(answer.url()).pathname.startsWith('/release/'));
  assert.ok(files.length >= 5, `${files.map((file) => file.url())}`);
  for (const file of files) {
    const headers = file.headers();
    assert.match(headers['cache-control'], /immutable/, file.url());
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.ok(headers.etag);
  }
  const document = answers.find((answer) => new URL(answer.url()).pathname === '/');
  assert.equal(document.headers()['cache-control'], 'no-cache');
  const policy = document.headers()['content-security-policy'];
  for (const rule of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"]) assertHas(policy, rule);
  assert.ok(!policy.includes("'unsafe-eval'") && !/script-src[^;]*'unsafe-inline'/.test(policy), policy);
});
