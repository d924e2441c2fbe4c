// The folder of idioms as one file, which the page fetches when the first draft is asked for.
//
//   node library.mjs FOLDER FILE
//
// Promises: `{"lexicon": text, "idioms": [[path, text], ...]}`, paths as the core has them, in order; the same folder
// gives the same bytes.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder, file] = process.argv.slice(2);
if (!folder || !file) {
  console.error('usage: node library.mjs FOLDER FILE');
  process.exit(2);
}
const text = (name) => readFileSync(join(folder, name), 'utf8');
const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
const idioms = names.filter((name) => name.endsWith('.spec.md')).sort();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify({ lexicon: text('lexicon.txt'), idioms: idioms.map((name) => [name, text(name)]) }));
