import { StateFormatError, type StateFormatReason } from "../errors.js";
import type { MomentsState } from "../moments-state.js";
import { packedLength } from "../symmetric-matrix.js";
import { checkContent } from "./check-content.js";
import { crc32 } from "./crc32.js";
import { AT, CHECKSUM_LENGTH, encodedLength, HEADER_LENGTH, MAGIC, VERSION } from "./layout.js";

/**
 * The state that `encodeState` wrote, equal to the last bit. Shares no memory with `bytes`, which may be any view
 * (a Node Buffer, at any offset).
 *
 * @throws {StateFormatError} If the bytes are not exactly one encoded state; its `reason` says why:
 * `magic` (something else), `version` (a format not known here), `truncated` (bytes are missing), `length`
 * (lengths contradict each other or bytes are left over), `checksum` (a byte was changed), `content` (whole, but
 * no accumulator can have written it).
 * @example
 * decodeState(encodeState(emptyState(2))).features; // 2
 * decodeState(new Uint8Array(200)); // throws StateFormatError: decodeState: bytes must begin with the magic
 */
export function decodeState(bytes: Uint8Array): MomentsState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkMagic(bytes);
  checkHeader(view);
  checkChecksum(bytes, view);
  const features = Number(view.getBigUint64(AT.features, true));
  const shift = readFloat64(view, HEADER_LENGTH, features);
  const offset = readFloat64(view, HEADER_LENGTH + 8 * features, features);
  const scatter = readFloat64(view, HEADER_LENGTH + 16 * features, packedLength(features));
  const state = { features, count: Number(view.getBigUint64(AT.count, true)), shift, offset, scatter };
  checkContent("decodeState", state);
  return state;
}

function checkMagic(bytes: Uint8Array): void {
  const known = Math.min(bytes.length, MAGIC.length);
  for (let i = 0; i < known; i++) {
    if (bytes[i] !== MAGIC[i]) {
      const got = Array.from(bytes.subarray(0, MAGIC.length), (byte) => byte.toString(16).padStart(2, "0"));
      refuse("magic", `bytes must begin with the magic of a state of moments, got ${got.join(" ")}`);
    }
  }
  if (bytes.length < MAGIC.length) refuseTruncated(MAGIC.length, bytes.length);
}

function checkHeader(view: DataView): void {
  if (view.byteLength < AT.version + 4) refuseTruncated(HEADER_LENGTH, view.byteLength);
  const version = view.getUint32(AT.version, true);
  if (version !== VERSION) refuse("version", `format version must be ${VERSION}, got ${version}`);
  if (view.byteLength < HEADER_LENGTH) refuseTruncated(HEADER_LENGTH, view.byteLength);
  const headerLength = view.getUint32(AT.headerLength, true);
  if (headerLength !== HEADER_LENGTH) {
    refuse("length", `header must have ${HEADER_LENGTH} bytes, got ${headerLength}`);
  }
  const features = Number(view.getBigUint64(AT.features, true));
  const declared = Number(view.getBigUint64(AT.byteLength, true));
  if (declared !== encodedLength(features)) {
    refuse("length", `a state of ${features} features has ${encodedLength(features)} bytes, got ${declared}`);
  }
  if (view.byteLength < declared) refuseTruncated(declared, view.byteLength);
  if (view.byteLength > declared) refuse("length", `needs ${declared} bytes, got ${view.byteLength}`);
}

function checkChecksum(bytes: Uint8Array, view: DataView): void {
  const end = bytes.length - CHECKSUM_LENGTH;
  const stored = view.getBigUint64(end, true);
  const computed = BigInt(crc32(bytes.subarray(0, end)));
  if (stored !== computed) {
    refuse("checksum", `checksum must be ${computed.toString(16)}, got ${stored.toString(16)}`);
  }
}

function readFloat64(view: DataView, at: number, length: number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = view.getFloat64(at + 8 * i, true);
  return values;
}

function refuseTruncated(needed: number, got: number): never {
  refuse("truncated", `needs ${needed} bytes or more, got ${got}`);
}

function refuse(reason: StateFormatReason, message: string): never {
  throw new StateFormatError(`decodeState: ${message}`, reason);
}
