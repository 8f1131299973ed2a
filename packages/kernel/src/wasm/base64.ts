/** Bytes of a base64 text. */
export function decodeBase64(text: string): Uint8Array {
  const { atob } = globalThis as unknown as { atob(text: string): string };
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  // A plain loop: `Uint8Array.from` calls an iterator and a function a byte, which takes milliseconds in a new process.
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
