/** An array from a `.npy` file. */
export interface NpyArray {
  /** NumPy's name of the element type: `<f4`, `<f8`, `<i8`, `|b1`, `<U3`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Elements in C order. */
  readonly data: Float32Array | Float64Array | BigInt64Array | Uint8Array | string[];
}

/**
 * Reads NumPy's format 1.0: "\x93NUMPY", two bytes of version, the length of the header as u16, the header (a Python
 * dictionary), and the elements.
 *
 * @throws {RangeError} If the bytes are something else, or of a type or order that no fixture has.
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 8));
  if (magic !== "\x93NUMPY\x01\x00") throw new RangeError(`parseNpy: must be .npy 1.0, got "${magic}"`);
  const start = 10 + view.getUint16(8, true);
  const header = String.fromCharCode(...bytes.subarray(10, start));
  const [, dtype, fortran, dimensions] =
    /'descr': '([^']+)', 'fortran_order': (\w+), 'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (dtype === undefined || dimensions === undefined || fortran !== "False") {
    throw new RangeError(`parseNpy: header must be of an array in C order, got ${header}`);
  }
  const shape = dimensions
    .split(",")
    .filter((text) => text.trim() !== "")
    .map(Number);
  const length = shape.reduce((a, b) => a * b, 1);
  // A copy, so that the elements are aligned; not by slice(), which for a Node Buffer copies nothing.
  const data = elements(dtype, Uint8Array.from(bytes.subarray(start)).buffer);
  if (data.length !== length) throw new RangeError(`parseNpy: needs ${length} elements, got ${data.length}`);
  return { dtype, shape, data };
}

function elements(dtype: string, buffer: ArrayBuffer): NpyArray["data"] {
  if (dtype === "<f4") return new Float32Array(buffer);
  if (dtype === "<f8") return new Float64Array(buffer);
  if (dtype === "<i8") return new BigInt64Array(buffer);
  if (dtype === "|b1") return new Uint8Array(buffer);
  const width = /^<U(\d+)$/.exec(dtype)?.[1];
  if (width === undefined) throw new RangeError(`parseNpy: type must be f4, f8, i8, b1 or U, got ${dtype}`);
  return strings(new Uint32Array(buffer), Number(width));
}

/** Strings of `width` code points, padded with zeros. */
function strings(codePoints: Uint32Array, width: number): string[] {
  return Array.from({ length: codePoints.length / width }, (_, k) =>
    String.fromCodePoint(...codePoints.slice(k * width, (k + 1) * width).filter((code) => code !== 0)),
  );
}
