// Bytes as numbers that survive wherever float32 weights go: three bytes a number, a whole number below 2^24, which
// a float32 holds exactly. The bit patterns of float64 themselves would not: some are NaNs, whose payload an engine,
// a file format or a GPU may change.
const BYTES = 3;

/** Numbers that it takes for so many bytes. */
export const packedLength = (bytes: number): number => Math.ceil(bytes / BYTES);

/** Bytes as whole numbers below 2^24. */
export function packBytes(bytes: Uint8Array): Float32Array {
  return Float32Array.from({ length: packedLength(bytes.length) }, (_, i) => {
    const [low = 0, middle = 0, high = 0] = bytes.subarray(BYTES * i, BYTES * (i + 1));
    return low | (middle << 8) | (high << 16);
  });
}

/**
 * The first `length` of the bytes that `packBytes` was given.
 *
 * @throws {RangeError} If a number is none that `packBytes` gives.
 */
export function unpackBytes(numbers: ArrayLike<number>, length: number): Uint8Array {
  const bytes = new Uint8Array(BYTES * numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (!(Number.isInteger(number) && number >= 0 && number < 2 ** 24)) {
      throw new RangeError(`unpackBytes: numbers must be whole and below 2^24, got ${number} at ${i}`);
    }
    bytes[BYTES * i] = number;
    bytes[BYTES * i + 1] = number >> 8;
    bytes[BYTES * i + 2] = number >> 16;
  }
  return bytes.subarray(0, length);
}
