// Web Open Font Format 1.0: a TrueType or OpenType font whose tables are packed one by one.
import { unzlibSync } from "fflate";

const SIGNATURE = 0x774f4646; // wOFF
const HEADER = 44;
const ENTRY = 20;

/**
 * A font as TrueType or OpenType: WOFF unpacked, everything else as it is.
 *
 * @throws {RangeError} If it says that it is WOFF, and is not whole.
 */
export function unpackFont(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0) !== SIGNATURE) return bytes;
  try {
    return unpackWoff(bytes, view);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`loadPngRenderer: a WOFF font must be whole, got ${reason}`, { cause });
  }
}

function unpackWoff(bytes: Uint8Array, view: DataView): Uint8Array {
  const count = view.getUint16(12);
  const font = new Uint8Array(view.getUint32(16));
  const out = new DataView(font.buffer);
  out.setUint32(0, view.getUint32(4));
  out.setUint16(4, count);
  // What follows lets readers search by halves.
  const doublings = 31 - Math.clz32(count);
  out.setUint16(6, 16 << doublings);
  out.setUint16(8, doublings);
  out.setUint16(10, 16 * count - (16 << doublings));
  let place = 12 + 16 * count;
  for (let i = 0; i < count; i++) {
    const at = HEADER + ENTRY * i;
    const [tag, offset, packed, size, checksum] = [0, 4, 8, 12, 16].map((part) => view.getUint32(at + part));
    const data = bytes.subarray(offset!, offset! + packed!);
    font.set(packed! < size! ? unzlibSync(data, { out: new Uint8Array(size!) }) : data, place);
    [tag!, checksum!, place, size!].forEach((word, part) => {
      out.setUint32(12 + 16 * i + 4 * part, word);
    });
    place += (size! + 3) & ~3;
  }
  return font;
}
