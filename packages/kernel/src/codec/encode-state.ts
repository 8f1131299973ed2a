import type { MomentsState } from "../moments-state.js";
import { checkContent } from "./check-content.js";
import { crc32 } from "./crc32.js";
import { AT, CHECKSUM_LENGTH, encodedLength, HEADER_LENGTH, MAGIC, VERSION } from "./layout.js";

/**
 * The bytes of a state, to be stored or sent; `decodeState` gives it back to the last bit. The layout is
 * versioned, little-endian and closed by a checksum.
 *
 * @throws {StateFormatError} If no accumulator can have produced the state (a NaN, a negative count or variance,
 * a part of the wrong length): it would be refused on reading.
 * @example
 * encodeState(emptyState(2)).length; // 104
 */
export function encodeState(state: MomentsState): Uint8Array {
  checkContent("encodeState", state);
  const bytes = new Uint8Array(encodedLength(state.features));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(AT.version, VERSION, true);
  view.setUint32(AT.headerLength, HEADER_LENGTH, true);
  view.setBigUint64(AT.byteLength, BigInt(bytes.length), true);
  view.setBigUint64(AT.features, BigInt(state.features), true);
  view.setBigUint64(AT.count, BigInt(state.count), true);
  let at = HEADER_LENGTH;
  for (const part of [state.shift, state.offset, state.scatter]) {
    for (let i = 0; i < part.length; i++, at += 8) view.setFloat64(at, part[i]!, true);
  }
  const checksum = crc32(bytes.subarray(0, bytes.length - CHECKSUM_LENGTH));
  view.setBigUint64(at, BigInt(checksum), true);
  return bytes;
}
