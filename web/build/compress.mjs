// Puts beside every file of a folder what it becomes compressed, for a server to send as it is: NAME.br and NAME.gz.
//
//   node compress.mjs FOLDER
//
// Promises: the same file gives the same bytes; a form that is not smaller is not written, and a form of a file that is
// gone or changed is not left behind. Zlib and brotli come with Node, so there is nothing to install or to compile.

import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const brotli = (bytes, block) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_LGBLOCK]: block,
    },
  });
const forms = {
  // Blocks as brotli chooses them, or as large as can be: which is smaller depends on the file.
  '.br': (bytes) => [0, constants.BROTLI_MAX_INPUT_BLOCK_BITS].map((block) => brotli(bytes, block)).reduce(smaller),
  '.gz': (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

function smaller(one, other) {
  return other.length < one.length ? other : one;
}

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node compress.mjs FOLDER');
  process.exit(2);
}
const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
const isForm = (name) => Object.keys(forms).some((suffix) => name.endsWith(suffix));
const written = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

for (const name of names.filter((name) => !isForm(name))) {
  const path = join(folder, name);
  for (const [suffix, squeeze] of Object.entries(forms)) {
    if (written(path + suffix) > written(path)) continue;
    const bytes = readFileSync(path);
    const squeezed = squeeze(bytes);
    if (squeezed.length < bytes.length) writeFileSync(path + suffix, squeezed);
    else rmSync(path + suffix, { force: true });
  }
}
for (const name of names.filter(isForm)) {
  if (!names.includes(name.replace(/\.[^.]*$/, ''))) rmSync(join(folder, name));
}
