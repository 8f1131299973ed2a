import { Wire } from "./field-reader.js";

const utf8 = new TextEncoder();

/** A protobuf message that is being written, field by field. Large pieces are copied once, by `finish`. */
export class MessageWriter {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  /** Whether nothing has been written. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** A whole number of at most 53 bits, or a bigint of 64; negative ones take ten bytes, as protobuf's int64 does. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, Wire.varint);
    return this.#add(varint(value));
  }

  /** A float32. */
  float(field: number, value: number): this {
    this.#tag(field, Wire.fixed32);
    const piece = new Uint8Array(4);
    new DataView(piece.buffer).setFloat32(0, value, true);
    return this.#add(piece);
  }

  text(field: number, text: string): this {
    return this.bytes(field, utf8.encode(text));
  }

  /** Bytes, or a message that has been finished. They must stay as they are until `finish`. */
  bytes(field: number, bytes: Uint8Array): this {
    this.#tag(field, Wire.bytes);
    return this.#add(varint(bytes.length)).#add(bytes);
  }

  /** A message within this one. */
  message(field: number, message: MessageWriter): this {
    this.#tag(field, Wire.bytes);
    this.#add(varint(message.#length));
    for (const piece of message.#pieces) this.#add(piece);
    return this;
  }

  /** Bytes that are fields already. */
  raw(fields: Uint8Array): this {
    return this.#add(fields);
  }

  /** The message as bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  #tag(field: number, wire: number): void {
    this.#add(varint(field * 8 + wire));
  }

  #add(piece: Uint8Array): this {
    this.#pieces.push(piece);
    this.#length += piece.length;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
