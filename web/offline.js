// Keeps the workbench usable when the server is away: what the page is made of is kept, and looked up only when the
// server does not answer, so that a newer workbench is never hidden by an older one.
//
// The page says where its files are (`?at=/release/.../`): another release is another script, which replaces this one
// and what it kept. Must not: keep or answer anything of the API.

const kept = 'lift-workbench';
const at = new URL(self.location.href).searchParams.get('at') ?? '/';
const files = [
  'style.css', 'icon.svg', 'editor.js',
  'lift-web.js', 'lift-web_bg.wasm', 'lift-web_loader.js',
  'lift-engine.js', 'lift-engine_bg.wasm', 'lift-engine_loader.js',
];
const parts = ['/', ...files.map((file) => at + file)];
// Fetched when it is needed, and kept from then on.
const later = [at + 'library.json'];
const all = [...parts, ...later];

self.addEventListener('install', (event) => {
  // One that is missing does not cost the others.
  event.waitUntil(caches.open(kept).then((cache) => Promise.allSettled(parts.map((part) => cache.add(part)))));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== 'GET') return;
  if (url.pathname === '/health') event.respondWith(health(request));
  else if (all.includes(url.pathname)) event.respondWith(newest(request));
});

/** What is left of a release before this one. */
async function forgetOthers() {
  const cache = await caches.open(kept);
  const others = (await cache.keys()).filter((request) => !all.includes(new URL(request.url).pathname));
  await Promise.all(others.map((request) => cache.delete(request)));
}

/** Nobody there is an answer too: the page asks often, and each failure would be an error on its console. */
async function health(request) {
  const answer = await fetch(request).catch(() => null);
  return answer?.ok ? answer : Response.json({ status: 'away' });
}

/** From the server; what is kept when it is away, or has another release now. */
async function newest(request) {
  const cache = await caches.open(kept);
  const answer = await fetch(request).catch(() => null);
  if (!answer?.ok) return (await cache.match(request)) ?? answer ?? Response.error();
  await cache.put(request, answer.clone());
  return answer;
}
