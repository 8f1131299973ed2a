/** Bytes of a base64 text. */
export function decodeBase64(text: string): Uint8Array {
  const { atob } = globalThis as unknown as { atob(text: string): string };
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
