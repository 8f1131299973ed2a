/** An array as NumPy's `.npy` files hold it, elements in C order. */
export type NpyArray =
  | { readonly dtype: "<f8"; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: "<f4"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "<i8"; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: "|b1"; readonly shape: readonly number[]; readonly data: Uint8Array };

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
const ALIGNMENT = 64;

const ITEM = { "<f8": Float64Array, "<f4": Float32Array, "<i8": BigInt64Array, "|b1": Uint8Array } as const;

/**
 * A `.npy` file, format 1.0: what `numpy.load` reads, byte for byte what `numpy.save` writes.
 *
 * @throws {RangeError} If the shape does not hold as many elements as there are.
 * @example
 * decodeNpy(encodeNpy({ dtype: "<f8", shape: [], data: Float64Array.of(0.5) })).data; // [0.5]
 */
export function encodeNpy({ dtype, shape, data }: NpyArray): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) {
    throw new RangeError(
      `encodeNpy: shape (${shape.join(", ")}) needs ${count} elements, got ${data.length}`,
    );
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }${growth(shape)}`;
  const start = Math.ceil((MAGIC.length + 2 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, start - MAGIC.length - 2, true);
  const padded = `${header.padEnd(start - MAGIC.length - 3)}\n`;
  bytes.set(new TextEncoder().encode(padded), MAGIC.length + 2);
  const body = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  bytes.set(littleEndian(body, data.BYTES_PER_ELEMENT), start);
  return bytes;
}

/**
 * The array of a `.npy` file of format 1.0, little endian, in C order, of float64, float32, int64 or bool.
 *
 * @throws {RangeError} If the bytes are something else, or not whole.
 * @example
 * decodeNpy(encodeNpy({ dtype: "<i8", shape: [2], data: BigInt64Array.of(1n, 2n) })).shape; // [2]
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new RangeError("decodeNpy: must be a .npy file of format 1.0, got other bytes");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(10, start));
  const { dtype, shape } = parseHeader(header);
  const Data = ITEM[dtype];
  const count = shape.reduce((product, length) => product * length, 1);
  const length = start + count * Data.BYTES_PER_ELEMENT;
  if (bytes.length !== length) {
    throw new RangeError(`decodeNpy: the file must have ${length} bytes, got ${bytes.length}`);
  }
  // A copy, since elements have to start at a multiple of their size.
  const body = littleEndian(bytes.slice(start), Data.BYTES_PER_ELEMENT);
  return { dtype, shape, data: new Data(body.buffer) } as NpyArray;
}

function parseHeader(header: string): { dtype: keyof typeof ITEM; shape: number[] } {
  const dtype = /'descr': *'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1];
  const tuple = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (dtype === undefined || order === undefined || tuple === undefined) {
    throw new RangeError(
      "decodeNpy: the header must hold descr, fortran_order and shape, got no such header",
    );
  }
  if (!Object.hasOwn(ITEM, dtype) || order === "True") {
    throw new RangeError(
      `decodeNpy: elements must be <f8, <f4, <i8 or |b1 in C order, got ${dtype}${order === "True" ? " in Fortran order" : ""}`,
    );
  }
  const shape = tuple.split(",").filter((length) => length.trim() !== "");
  return { dtype: dtype as keyof typeof ITEM, shape: shape.map(Number) };
}

/** NumPy leaves room for the first axis to grow to 21 digits without moving the data. */
const growth = (shape: readonly number[]): string =>
  shape.length === 0 ? "" : " ".repeat(Math.max(0, 21 - String(shape[0]).length));

const HOST_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Elements of `size` bytes as they are in memory, from or to least significant byte first. */
function littleEndian(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (HOST_IS_LITTLE) return bytes;
  return bytes.map((_, i) => bytes[i - (i % size) + size - 1 - (i % size)]!);
}
