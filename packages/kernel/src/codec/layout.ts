/**
 * The binary form of a state of moments, version 1. Little-endian; every part starts at a multiple of 8 bytes.
 *
 *     byte  size        type      content
 *     0     8           u8[8]     magic  89 44 4C 56 0D 0A 1A 0A   ("\x89DLV\r\n\x1A\n")
 *     8     4           u32       version of the format: 1
 *     12    4           u32       length of the header: 40
 *     16    8           u64       length of the whole, from magic to checksum
 *     24    8           u64       d, number of features
 *     32    8           u64       n, number of samples
 *     40    8·d         f64[]     shift
 *     ·     8·d         f64[]     offset             mean = shift + offset
 *     ·     4·d(d+1)    f64[]     scatter, upper triangle row by row
 *     ·     8           u64       CRC-32 of every byte before it, as in zlib (upper half zero)
 *
 * The magic is that of PNG in spirit: a byte above 127 and line ends of both kinds, so that a transfer as text
 * is noticed at the first bytes.
 */
export const MAGIC: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x89,
  0x44,
  0x4c,
  0x56,
  0x0d,
  0x0a,
  0x1a,
  0x0a,
);

export const VERSION = 1;

/** Where each part of the header lies. */
export const AT = { version: 8, headerLength: 12, byteLength: 16, features: 24, count: 32 } as const;

export const HEADER_LENGTH = 40;
export const CHECKSUM_LENGTH = 8;

/** Bytes of an encoded state of `features` features. */
export function encodedLength(features: number): number {
  return HEADER_LENGTH + 16 * features + 4 * features * (features + 1) + CHECKSUM_LENGTH;
}
