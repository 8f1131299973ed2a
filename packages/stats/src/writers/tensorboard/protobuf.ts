import { concat } from "../../storage/storage.js";

// As much of Protocol Buffers' wire format as TensorBoard's events need. A message is its fields one after another.

/** A number as one field of type `double`. */
export const double = (field: number, value: number): Uint8Array =>
  tagged(field, FIXED64, doubleBytes([value]));

/** A number as one field of type `float`: rounded to float32. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return tagged(field, FIXED32, bytes);
}

/** A whole number, not negative, as one field of type `int64` or `enum`. */
export const int64 = (field: number, value: number): Uint8Array => tagged(field, VARINT, varint(value));

/** Text as one field of type `string`. */
export const string = (field: number, text: string): Uint8Array => sized(field, encoder.encode(text));

/** A message within a message, from its fields. */
export const message = (field: number, ...fields: readonly Uint8Array[]): Uint8Array =>
  sized(field, concat(fields));

/** One field of type `repeated double`. */
export const doubles = (field: number, values: readonly number[]): Uint8Array =>
  sized(field, doubleBytes(values));

/** A field of a message that is read; `value` is a number for `int64`, otherwise the field's bytes. */
export interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

/**
 * The fields of a message, in order.
 *
 * @throws {Error} If the bytes are no message.
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 63) throw new Error("the bytes are no message");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = next();
    const kind = tag % 8;
    const field = Math.floor(tag / 8);
    if (kind === VARINT) {
      yield { field, value: next() };
      continue;
    }
    const length = kind === SIZED ? next() : kind === FIXED64 ? 8 : kind === FIXED32 ? 4 : Number.NaN;
    if (!(at + length <= bytes.length)) throw new Error("the bytes are no message");
    yield { field, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

const encoder = new TextEncoder();

const VARINT = 0;
const FIXED64 = 1;
const SIZED = 2;
const FIXED32 = 5;

const tagged = (field: number, kind: number, value: Uint8Array): Uint8Array =>
  concat([varint(field * 8 + kind), value]);

const sized = (field: number, value: Uint8Array): Uint8Array =>
  concat([varint(field * 8 + SIZED), varint(value.length), value]);

function doubleBytes(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat64(8 * i, value, true);
  });
  return bytes;
}

function varint(value: number): Uint8Array {
  if (value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
