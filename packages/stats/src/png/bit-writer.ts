/** Bytes that grow, filled bit by bit, the lowest first, as deflate wants it. */
export class BitWriter {
  #bytes = new Uint8Array(1 << 14);
  #length = 0;
  #bits = 0;
  #count = 0;

  /** Adds the lowest `count` bits of `bits`; `count` ≤ 16, and no bit above them may be set. */
  write(bits: number, count: number): void {
    this.#bits |= bits << this.#count;
    this.#count += count;
    while (this.#count >= 8) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#bits;
      this.#bits >>>= 8;
      this.#count -= 8;
    }
  }

  /** All that was written, the last byte filled up with zeros. */
  finish(): Uint8Array {
    this.write(0, (8 - this.#count) & 7);
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const grown = new Uint8Array(2 * this.#bytes.length);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
