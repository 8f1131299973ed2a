/** True for plain arrays and typed arrays, from other realms (frames, workers, test runners) too. */
export function isArray(x: unknown): x is ArrayLike<unknown> {
  return Array.isArray(x) || (ArrayBuffer.isView(x) && "length" in x);
}

/**
 * The numbers as a float array: the very array where it is Float32 or Float64, else a float64 copy.
 *
 * @throws {TypeError} If one is not a number.
 */
export function asFloats(caller: string, x: ArrayLike<unknown>): Float32Array | Float64Array {
  if (x instanceof Float32Array || x instanceof Float64Array) return x;
  if (Array.isArray(x)) {
    const floats = new Float64Array(x.length);
    copyNumbers(caller, x, floats, 0, (i) => `at index ${i}`);
    return floats;
  }
  const view = x as Float64Array;
  switch (view[Symbol.toStringTag] as string) {
    // The same kinds, made in another realm: wrapped, not copied.
    case "Float32Array":
      return new Float32Array(view.buffer, view.byteOffset, view.length);
    case "Float64Array":
      return new Float64Array(view.buffer, view.byteOffset, view.length);
    case "BigInt64Array":
    case "BigUint64Array":
      return Float64Array.from(view as ArrayLike<unknown> as ArrayLike<bigint>, Number);
    default:
      return new Float64Array(view);
  }
}

/**
 * Copies numbers into `target` from index `at` on.
 *
 * @param place - Says where an element stands, for the error.
 * @throws {TypeError} If one is not a number; what stood before it has been copied.
 */
export function copyNumbers(
  caller: string,
  source: ArrayLike<unknown>,
  target: Float64Array,
  at: number,
  place: (index: number) => string,
): void {
  for (let i = 0; i < source.length; i++) {
    const value = source[i];
    if (typeof value === "number") target[at + i] = value;
    else if (typeof value === "bigint") target[at + i] = Number(value);
    else throw new TypeError(`${caller}: every value must be a number, got ${describe(value)} ${place(i)}`);
  }
}

/** A short description of any value, for errors. */
export function describe(x: unknown): string {
  if (typeof x === "string") return `the string ${JSON.stringify(x.length > 24 ? `${x.slice(0, 24)}…` : x)}`;
  if (typeof x === "function") return "a function";
  if (typeof x === "symbol") return "a symbol";
  if (typeof x !== "object" || x === null) return String(x);
  if (isArray(x)) return `${Array.isArray(x) ? "an array" : `a ${typeName(x)}`} of length ${x.length}`;
  const name = typeName(x);
  return name === "Object" ? `an object with keys ${listKeys(x)}` : `a ${name}`;
}

function typeName(x: object): string {
  const name: unknown = x.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "Object";
}

function listKeys(x: object): string {
  const keys = Object.keys(x);
  if (keys.length === 0) return "(none)";
  return keys.length <= 5 ? keys.join(", ") : `${keys.slice(0, 5).join(", ")}, …`;
}
