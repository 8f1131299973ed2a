/**
 * CRC-32 of bytes as zlib, PNG and Python's `zlib.crc32` compute it: reflected polynomial 0xEDB88320, initial
 * value and final inversion all ones. Finds every error burst of up to 32 bits.
 */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** Remainder of every byte value, eight steps of the shift register at once. */
const TABLE: Uint32Array = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});
