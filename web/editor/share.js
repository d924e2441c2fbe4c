// A document in the address: `VERSION.LETTERS`, compressed by the browser, in letters an address may hold. No server
// sees it.
//
// What comes back may be anybody's: it is bounded before and after decompression, and refused by one of three words
// (the message of the error): `version`, `large`, `broken`.

const version = '1';

/** Letters of a link, and bytes of the document in it, at most. The server takes no longer documents either. */
const mostLetters = 1 << 20;
const mostBytes = 1 << 20;

/** Text to letters for an address. */
export async function pack(text) {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > mostBytes) throw new Error('large');
  const squeezed = await through(new CompressionStream('deflate-raw'), bytes, mostLetters);
  let binary = '';
  for (const byte of squeezed) binary += String.fromCharCode(byte);
  const letters = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  if (letters.length > mostLetters) throw new Error('large');
  return `${version}.${letters}`;
}

/** Back again. */
export async function unpack(packed) {
  const dot = packed.indexOf('.');
  if (!/^\d{1,4}\.$/.test(packed.slice(0, dot + 1))) throw new Error('broken');
  if (packed.slice(0, dot) !== version) throw new Error('version');
  if (packed.length > mostLetters) throw new Error('large');
  let bytes;
  try {
    const binary = atob(packed.slice(dot + 1).replaceAll('-', '+').replaceAll('_', '/'));
    bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error('broken');
  }
  const document = await through(new DecompressionStream('deflate-raw'), bytes, mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(document);
  } catch {
    throw new Error('broken');
  }
}

/** The bytes on the other side of a stream; no more than `most` are ever held. */
async function through(stream, bytes, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error('broken');
    });
    if (done) break;
    length += value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new Error('large');
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
