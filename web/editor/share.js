// A document in the address: compressed by the browser, in letters an address may hold. No server sees it.

async function through(stream, bytes) {
  const squeezed = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(squeezed).arrayBuffer());
}

/** Text to letters for an address. */
export async function pack(text) {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Back again; rejects what is not a packed document. */
export async function unpack(letters) {
  const binary = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = await through(new DecompressionStream('deflate-raw'), Uint8Array.from(binary, (c) => c.charCodeAt(0)));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
