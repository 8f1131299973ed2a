import { ModelFormatError } from "../errors.js";

// The wire format: https://protobuf.dev/programming-guides/encoding. A message is a row of fields; a field is a tag
// (number · 8 + wire type), then a varint, 8 bytes, a length with so many bytes, or 4 bytes.

/** Wire types. Groups (3 and 4) are in no ONNX file and are refused. */
export const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const LARGEST_FIELD = 2 ** 29 - 1;
/** The longest text that is taken for a name. */
const LONGEST_TEXT = 2 ** 16;

const utf8 = new TextDecoder();

/** A range of bytes. */
export interface Range {
  readonly start: number;
  /** The byte after the last. */
  readonly stop: number;
}

/**
 * Walks over the fields of one message without copying: what it stands on is a number, or a range of bytes that is
 * skipped unless somebody asks for it.
 */
export class FieldReader {
  readonly bytes: Uint8Array;
  /** First byte of the message, and the one after its last. */
  readonly begin: number;
  readonly end: number;
  /** Number of the field stood on; 0 before the first `next`. */
  field = 0;
  wire = 0;
  /** First byte of the field's payload, and the one after its last. */
  start = 0;
  stop = 0;
  #at: number;
  /** The two halves of the varint stood on, unsigned. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array, begin = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.begin = begin;
    this.end = end;
    this.#at = begin;
  }

  /** Steps onto the next field; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.end) return false;
    const tagAt = this.#at;
    this.#varint();
    this.field = this.#low >>> 3;
    this.wire = this.#low & 7;
    if (this.#high !== 0 || this.field === 0 || this.field > LARGEST_FIELD) {
      throw malformed(
        `a field must have a number in 1 … 2²⁹ − 1, got ${show(this.#high, this.#low)} as tag`,
        tagAt,
      );
    }
    this.start = this.#at;
    this.#skip(tagAt);
    this.stop = this.#at;
    return true;
  }

  /** The varint stood on as a signed number; beyond ±2⁵³ it is rounded. */
  integer(): number {
    this.#needs(Wire.varint);
    return (this.#high | 0) * 2 ** 32 + this.#low;
  }

  /** The varints stood on, one or packed many, handed to `take` one by one. */
  integers(take: (value: number) => void): void {
    if (this.wire === Wire.varint) {
      take(this.integer());
      return;
    }
    this.#needs(Wire.bytes);
    const packed = new FieldReader(this.bytes, this.start, this.stop);
    while (packed.#at < packed.end) {
      packed.#varint();
      take((packed.#high | 0) * 2 ** 32 + packed.#low);
    }
  }

  /** The float32 values stood on, one or packed many. */
  floats(take: (value: number) => void): void {
    if (this.wire !== Wire.fixed32) this.#needs(Wire.bytes);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.start, this.stop - this.start);
    if (view.byteLength % 4 !== 0) {
      throw malformed(`packed floats must take a multiple of 4 bytes, got ${view.byteLength}`, this.start);
    }
    for (let at = 0; at < view.byteLength; at += 4) take(view.getFloat32(at, true));
  }

  /** The bytes stood on as text. What is not UTF-8 becomes U+FFFD. */
  text(): string {
    this.#needs(Wire.bytes);
    const { bytes, start, stop } = this;
    if (stop - start > LONGEST_TEXT) {
      throw limit(`a name must have at most ${LONGEST_TEXT} bytes, got ${stop - start}`, start);
    }
    let text = "";
    for (let at = start; at < stop; at++) {
      const code = bytes[at]!;
      // A decoder refuses shared memory, which a copy is not.
      if (code > 127) return utf8.decode(bytes.slice(start, stop));
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** Where the message stood on lies. */
  range(): Range {
    this.#needs(Wire.bytes);
    return { start: this.start, stop: this.stop };
  }

  /** A reader of the message stood on. */
  message(): FieldReader {
    this.#needs(Wire.bytes);
    return new FieldReader(this.bytes, this.start, this.stop);
  }

  #needs(wire: number): void {
    if (this.wire === wire) return;
    throw malformed(`field ${this.field} must have wire type ${wire}, got ${this.wire}`, this.start);
  }

  #skip(tagAt: number): void {
    if (this.wire === Wire.varint) this.#varint();
    else if (this.wire === Wire.fixed64) this.#advance(8);
    else if (this.wire === Wire.fixed32) this.#advance(4);
    else if (this.wire === Wire.bytes) {
      this.#varint();
      this.start = this.#at;
      this.#advance(this.#high * 2 ** 32 + this.#low);
    } else throw malformed(`a field must have wire type 0, 1, 2 or 5, got ${this.wire}`, tagAt);
  }

  #advance(count: number): void {
    if (count > this.end - this.#at) throw this.#tooLong(count);
    this.#at += count;
  }

  /** 7 bits a byte, the lowest first, ten bytes at most. */
  #varint(): void {
    const from = this.#at;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.#at >= this.end) throw this.#tooLong(1);
      const byte = this.bytes[this.#at++]!;
      if (i < 4) low |= (byte & 127) << (7 * i);
      else if (i === 4) {
        low |= byte << 28;
        high = (byte & 127) >>> 4;
      } else high |= (byte & 127) << (7 * i - 32);
      if (byte < 128) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw malformed("a number must end within ten bytes, got more", from);
  }

  #tooLong(count: number): ModelFormatError {
    const left = this.end - this.#at;
    const text = `a field must end with its message, got ${count} bytes where ${left} are left`;
    // Where the message is not the last thing of the file, the file is whole and the field wrong.
    return this.end < this.bytes.length ? malformed(text, this.#at) : truncated(text, this.#at);
  }
}

const show = (high: number, low: number): string => String(BigInt(high) * 2n ** 32n + BigInt(low));

/** The error of a field that cannot be. */
export function malformed(text: string, offset: number): ModelFormatError {
  return new ModelFormatError(`readModel: ${text}, at byte ${offset}`, "malformed", offset);
}

/** The error of a model that is larger or deeper than is read. */
export function limit(text: string, offset: number): ModelFormatError {
  return new ModelFormatError(`readModel: ${text}, at byte ${offset}`, "limit", offset);
}

function truncated(text: string, offset: number): ModelFormatError {
  return new ModelFormatError(
    `readModel: ${text}, at byte ${offset}: the file is cut off`,
    "truncated",
    offset,
  );
}
