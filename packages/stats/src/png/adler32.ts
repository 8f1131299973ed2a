const MODULUS = 65521;

/** The checksum of a zlib stream (RFC 1950 §8.2), over bytes that repeat. */
export class Adler32 {
  #a = 1;
  #b = 0;

  /** Adds the same few bytes `count` times; their number times `count` squared must stay below 10¹³. */
  add(bytes: readonly number[], count: number): void {
    let [sum, weighted] = [0, 0];
    for (let i = 0; i < bytes.length; i++) {
      sum += bytes[i]!;
      weighted += (bytes.length - i) * bytes[i]!;
    }
    // a grows by every byte, b by a after every byte.
    const rounds = (count * (count - 1)) / 2;
    this.#b = (this.#b + count * (bytes.length * this.#a + weighted) + rounds * bytes.length * sum) % MODULUS;
    this.#a = (this.#a + count * sum) % MODULUS;
  }

  /** Most significant first. */
  get bytes(): Uint8Array {
    return Uint8Array.of(this.#b >>> 8, this.#b, this.#a >>> 8, this.#a);
  }
}
