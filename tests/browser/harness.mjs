// Drives the workbench as a person would: a real `lift serve` on a free loopback port and a real Chromium.
//
// Promises: what a test starts is stopped when the test ends, however it ends; whatever the page complains of on its
// console fails the test, unless the test said it expects it. Must not: know anything about what is on the page.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, request as ask } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const target = resolve(checkout, process.env.CARGO_TARGET_DIR ?? 'target');

/** The browsers of each test. */
const browsers = new WeakMap();

/** Where `screenshot` writes. */
export const screenshots = join(checkout, 'target', 'screenshots');

/** The `lift` binary under test. */
export const liftBinary = process.env.LIFT_BIN ?? join(target, 'debug', 'lift');

/**
 * Starts `lift serve`, in an empty folder of its own unless it is given one, and waits until it answers. `kill` ends it
 * and leaves its folder, for another that is given the same `folder` and `port`.
 * @returns {Promise<{url: string, port: number, folder: string, log: () => string, kill: () => Promise<void>}>}
 */
export async function startServer(t, { args = [], env = {}, folder, port } = {}) {
  folder ??= await mkdtemp(join(tmpdir(), 'lift-browser-'));
  port ??= await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(liftBinary, ['serve', '--port', String(port), '--data', folder, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((done) => {
    child.once('exit', done);
    child.once('error', (error) => {
      log += `${liftBinary}: ${error.message}; \`make host\` builds it`;
      done(-1);
    });
  });
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  t.after(async () => {
    // A page that outlives its server would complain of it.
    await Promise.all((browsers.get(t) ?? []).map((browser) => browser.close()));
    await kill();
    await rm(folder, { recursive: true, force: true });
  });

  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await Promise.race([fetch(url).then((response) => response.ok, () => false), ended.then(() => 'gone')]);
    if (answer === true) return { url, port, folder, log: () => log, kill };
    if (answer === 'gone') throw new Error(`lift serve ended before it answered:\n${log}`);
    if (Date.now() > deadline) throw new Error(`lift serve did not answer on ${url} within 20 s:\n${log}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/**
 * Opens a page in a Chromium with a fresh profile. `expected` lets console messages through that the test provokes;
 * `proxy` is an address everything goes through.
 * @param {{colorScheme?: 'light' | 'dark', viewport?: {width: number, height: number}, expected?: RegExp, proxy?: string}} options
 */
export async function openPage(t, url, { colorScheme = 'light', viewport = { width: 1280, height: 800 }, expected, proxy } = {}) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // Without the word, nothing on loopback goes through a proxy.
    proxy: proxy && { server: proxy, bypass: '<-loopback>' },
    // No sandbox: it cannot be had as root, and the only page visited is ours.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  browsers.set(t, [...(browsers.get(t) ?? []), browser]);
  const complaints = [];
  t.after(async () => {
    await browser.close();
    if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join('\n')}`);
  });
  const page = await browser.newPage({ colorScheme, viewport, reducedMotion: 'reduce' });
  const note = (text) => {
    if (!expected?.test(text)) complaints.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.stack ?? error.message}`));
  await page.goto(url);
  return page;
}

/** Writes `target/screenshots/NAME.png`; answers its path. */
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/**
 * Counts what servers send through it, heads and bodies, as they are on the wire: whoever asks, page or worker.
 * @returns {Promise<{url: string, answers: {path: string, coding: string, bytes: number}[]}>}
 */
export async function countingProxy(t) {
  const answers = [];
  const proxy = createHttpServer((request, response) => {
    const { hostname, port, pathname, search } = new URL(request.url);
    const { method, headers } = request;
    const onward = ask({ hostname, port, path: pathname + search, method, headers }, (answer) => {
      const counted = { path: pathname, coding: answer.headers['content-encoding'] ?? '', bytes: answer.rawHeaders.join('    ').length };
      answers.push(counted);
      answer.on('data', (part) => (counted.bytes += part.length));
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((ready, failed) => proxy.once('error', failed).listen(0, '127.0.0.1', ready));
  t.after(() => {
    proxy.closeAllConnections();
    return new Promise((closed) => proxy.close(closed));
  });
  return { url: `http://127.0.0.1:${proxy.address().port}`, answers };
}

/** A port nobody listens on at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

function findChromium() {
  const names = process.env.LIFT_CHROMIUM ? [process.env.LIFT_CHROMIUM] : ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => resolve(folder, name)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  throw new Error(`no Chromium (${names.join(', ')}) in PATH; \`.ci/provision chromium\` installs one`);
}
