import { maskedCrc32c } from "./crc32c.js";

// A record: length (uint64), its checksum (uint32), the data, their checksum (uint32); all little endian.
const HEADER = 12;
const FOOTER = 4;

/** Data framed as one record of a TFRecord file. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER + data.length + FOOTER);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, HEADER);
  view.setUint32(HEADER + data.length, maskedCrc32c(data), true);
  return record;
}

/** One record of a file. */
export interface TfRecord {
  readonly data: Uint8Array;
  /** The record as it stands in the file, frame included. */
  readonly whole: Uint8Array;
}

/**
 * The records of a TFRecord file; without the last one if its writing was cut short.
 *
 * @throws {Error} If a checksum is wrong, with the place.
 */
export function* decodeRecords(bytes: Uint8Array): Generator<TfRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  while (start + HEADER <= bytes.length) {
    const checkedLength = view.getUint32(start + 8, true) === maskedCrc32c(bytes.subarray(start, start + 8));
    if (!checkedLength) {
      // What a file system may leave at the end of a file when the power fails.
      if (bytes.subarray(start).every((byte) => byte === 0)) return;
      throw new Error(`the length of the record at byte ${start} has a wrong checksum`);
    }
    const end = start + HEADER + Number(view.getBigUint64(start, true)) + FOOTER;
    if (end > bytes.length) return;
    const data = bytes.subarray(start + HEADER, end - FOOTER);
    if (view.getUint32(end - FOOTER, true) !== maskedCrc32c(data)) {
      throw new Error(`the data of the record at byte ${start} have a wrong checksum`);
    }
    yield { data, whole: bytes.subarray(start, end) };
    start = end;
  }
}
