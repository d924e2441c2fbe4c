// The page as it is served: scripts and styles without what only people read in them.
//
//   node minify.mjs FROM TO
//
// Promises: a file that came out the same is left alone, so that the host, which takes the files in, is not built again;
// what is no longer there is taken away, with its compressed forms.

import { transform } from 'esbuild';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: node minify.mjs FROM TO');
  process.exit(2);
}
const files = (folder) => {
  const names = readdirSync(folder, { recursive: true });
  return names.filter((name) => statSync(join(folder, name)).isFile());
};
const loaders = { '.js': 'js', '.css': 'css' };

mkdirSync(to, { recursive: true });
const names = files(from);
for (const name of names) {
  const bytes = readFileSync(join(from, name));
  const loader = loaders[extname(name)];
  const small = loader && (await transform(bytes.toString(), { loader, minify: true, target: 'es2022' })).code;
  // What is bundled is small already.
  const wanted = small !== undefined && small.length < 0.95 * bytes.length ? Buffer.from(small) : bytes;
  const path = join(to, name);
  if (statSync(path, { throwIfNoEntry: false }) && readFileSync(path).equals(wanted)) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wanted);
}
for (const name of files(to)) {
  if (!names.includes(name.replace(/\.(br|gz)$/, ''))) rmSync(join(to, name));
}
