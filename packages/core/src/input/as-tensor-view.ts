import { ShapeError } from "@delve/kernel";
import type { DimsTensor, ReadableTensor, ShapedData } from "./matrix-input.js";
import { fromNested } from "./nested.js";
import { asFloats, describe, isArray } from "./numbers.js";
import { rowMajorStrides, sizeOf, type TensorView } from "./tensor-view.js";

/**
 * Reads any accepted input as a view of numbers with a shape; nothing is copied where the numbers are already
 * float32 or float64.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {ShapeError} If lengths, shape and strides do not fit together.
 * @throws {TypeError} If `x` is none of the accepted forms, or holds something else than numbers.
 */
export function asTensorView(caller: string, x: unknown): TensorView {
  if (isArray(x)) {
    if (Array.isArray(x)) return fromNested(caller, x);
    throw new ShapeError(
      `${caller}: a typed array needs a shape, as in { data, shape: [rows, features] }, got ${describe(x)}`,
    );
  }
  if (typeof x === "object" && x !== null) {
    refuseHalfFloats(caller, x);
    if (isReadable(x)) return fromShaped(caller, x.dataSync(), { shape: x.shape });
    if (isShaped(x)) return fromShaped(caller, x.data, x);
    if (hasDims(x)) return fromShaped(caller, x.data, { shape: x.dims });
  }
  throw new TypeError(
    `${caller}: input must be rows of numbers, { data, shape }, an ndarray or a tensor, got ${describe(x)}`,
  );
}

// Tested in this order: a TensorFlow.js tensor has `shape`, and a `data` that is an asynchronous method; its
// `strides` leave out the last axis, but what `dataSync` gives is always row-major.
function isReadable(x: object): x is ReadableTensor {
  return "shape" in x && "dataSync" in x && typeof x.dataSync === "function";
}

function isShaped(x: object): x is ShapedData {
  return "shape" in x && "data" in x && isArray(x.data);
}

function hasDims(x: object): x is DimsTensor {
  return "dims" in x && "data" in x && isArray(x.data);
}

/** Half floats come as the bits of 16-bit integers where the language has no array for them. */
function refuseHalfFloats(caller: string, x: object): void {
  const type = "type" in x ? x.type : "dtype" in x ? x.dtype : undefined;
  if ((type === "float16" || type === "bfloat16") && "data" in x && x.data instanceof Uint16Array) {
    throw new TypeError(
      `${caller}: half floats must be converted to float32 first, got ${type} as a Uint16Array of bits`,
    );
  }
}

function fromShaped(caller: string, values: unknown, layout: Omit<ShapedData, "data">): TensorView {
  if (!isArray(values)) throw new TypeError(`${caller}: data must be an array, got ${describe(values)}`);
  const shape = integers(caller, "shape", layout.shape, 0);
  const given = layout.strides ?? layout.stride;
  const strides =
    given === undefined ? rowMajorStrides(shape) : integers(caller, "strides", given, -Infinity);
  const offset = layout.offset ?? 0;
  if (strides.length !== shape.length) {
    throw new ShapeError(
      `${caller}: strides must be one for each axis of shape ${show(shape)}, got ${show(strides)}`,
    );
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new ShapeError(`${caller}: offset must be an integer of 0 or more, got ${describe(offset)}`);
  }
  const dense = given === undefined && layout.offset === undefined;
  if (dense && values.length !== sizeOf(shape)) {
    throw new ShapeError(
      `${caller}: shape ${show(shape)} needs ${sizeOf(shape)} values, got ${values.length}`,
    );
  }
  const { first, last } = extent(shape, strides, offset);
  if (first < 0 || last >= values.length) {
    throw new ShapeError(
      `${caller}: shape ${show(shape)}, strides ${show(strides)} (in elements) and offset ${offset} must stay within ` +
        `the data, got elements ${first} to ${last} of ${values.length}`,
    );
  }
  return { data: asFloats(caller, values), shape, strides, offset };
}

/** Least and largest index that a view reads; nothing is read where an axis has length 0. */
function extent(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): { first: number; last: number } {
  if (shape.includes(0)) return { first: 0, last: -1 };
  let first = offset;
  let last = offset;
  shape.forEach((length, axis) => {
    const reach = (length - 1) * strides[axis]!;
    if (reach < 0) first += reach;
    else last += reach;
  });
  return { first, last };
}

function integers(caller: string, name: string, x: unknown, least: number): number[] {
  const list = isArray(x) ? Array.from(x) : [];
  if (!isArray(x) || !list.every((i) => Number.isSafeInteger(i) && (i as number) >= least)) {
    const kind = least === 0 ? "integers of 0 or more" : "integers";
    throw new ShapeError(
      `${caller}: ${name} must be a list of ${kind}, got ${isArray(x) ? show(list) : describe(x)}`,
    );
  }
  return list as number[];
}

function show(list: readonly unknown[]): string {
  return `[${list.map(String).join(", ")}]`;
}
