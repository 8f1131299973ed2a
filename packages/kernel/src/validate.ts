import { NonFiniteError, ShapeError } from "./errors.js";
import type { MomentsState } from "./moments-state.js";
import type { SampleMatrix } from "./sample-matrix.js";
import { packedLength, type SymmetricMatrix } from "./symmetric-matrix.js";

/**
 * Largest magnitude of a sample. The square of its difference to the mean, summed over any number of samples
 * that can be counted, stays finite.
 */
export const LARGEST_SAMPLE = 1e150;

/**
 * A `SampleMatrix` whose every field is known and whose every element lies inside its data: element (r, f) is
 * `data[offset + ⌊r / blockRows⌋·blockStride + (r mod blockRows)·rowStride + f·featureStride]`.
 */
export interface CheckedSamples<Data = Float32Array | Float64Array> extends Required<SampleMatrix<Data>> {}

/**
 * The same view with its defaults filled in, once it is certain that every element lies inside the data.
 *
 * Strides may be zero (a repeated row or feature) or negative (a reversed axis), never fractional. Values are not
 * looked at.
 *
 * @param caller - The function named in the error, as in `update`.
 * @throws {ShapeError} If the view does not fit its data, or has another number of features.
 */
export function checkSamples(caller: string, samples: SampleMatrix, features: number): CheckedSamples {
  const { data } = samples;
  if (!isTyped(data, "Float32Array") && !isTyped(data, "Float64Array")) {
    throw new ShapeError(`${caller}: data must be a Float32Array or a Float64Array, got ${kindOf(data)}`);
  }
  return checkView(caller, samples, features, data.length);
}

/**
 * What `checkSamples` gives, of a view whose data are `length` values wherever they lie.
 *
 * @throws {ShapeError} If the view does not fit its data, or has another number of features.
 */
export function checkView<Data>(
  caller: string,
  samples: SampleMatrix<Data>,
  features: number,
  length: number,
): CheckedSamples<Data> {
  const { data, rows, rowStride, featureStride, offset = 0, blockRows = Math.max(rows, 1) } = samples;
  if (samples.features !== features) {
    throw new ShapeError(`${caller}: needs samples of ${features} features, got ${samples.features}`);
  }
  if (samples.blockRows !== undefined && samples.blockStride === undefined) {
    throw new ShapeError(
      `${caller}: blockRows must come with a blockStride, got blockRows ${blockRows} alone`,
    );
  }
  const { blockStride = 0 } = samples;
  wholeNumber(caller, "rows", rows, 0);
  wholeNumber(caller, "blockRows", blockRows, 1);
  for (const [name, value] of Object.entries({ offset, rowStride, featureStride, blockStride })) {
    wholeNumber(caller, name, value, Number.MIN_SAFE_INTEGER);
  }
  const view = { data, rows, features, rowStride, featureStride, offset, blockRows, blockStride };
  const [first, last] = touchedRange(view);
  // Not (a && b) rather than (!a || !b): a sum that is NaN is refused, too.
  if (rows > 0 && !(first >= 0 && last < length)) {
    throw new ShapeError(
      `${caller}: the view must lie inside its data of ${length} values, got indices ${first} to ${last}`,
    );
  }
  return view;
}

/** Smallest and largest index into its data that a view reads; meaningless for a view of no rows. */
export function touchedRange(view: CheckedSamples<unknown>): [first: number, last: number] {
  const { offset, rows, features, rowStride, featureStride, blockRows, blockStride } = view;
  const whole = Math.floor(rows / blockRows);
  const rest = rows - whole * blockRows;
  const starts = [];
  if (whole > 0) starts.push(...corners(whole - 1, blockStride, blockRows - 1, rowStride));
  if (rest > 0) starts.push(whole * blockStride, whole * blockStride + (rest - 1) * rowStride);
  const span = (features - 1) * featureStride;
  return [offset + Math.min(...starts) + Math.min(0, span), offset + Math.max(...starts) + Math.max(0, span)];
}

function corners(blocks: number, blockStride: number, rows: number, rowStride: number): number[] {
  const [b, r] = [blocks * blockStride, rows * rowStride];
  return [0, b, r, b + r];
}

/**
 * Refuses a number of features, or an order, that is not a positive integer.
 *
 * @throws {ShapeError} Naming the caller and what came.
 */
export function checkFeatures(caller: string, features: number): void {
  wholeNumber(caller, "features", features, 1);
}

/**
 * Refuses a symmetric matrix whose order and length do not belong together. Values are not looked at.
 *
 * @throws {ShapeError} Naming the caller and what came.
 */
export function checkSymmetric(caller: string, a: SymmetricMatrix): void {
  wholeNumber(caller, "order", a.order, 1);
  checkVector(caller, "upper", a.upper, packedLength(a.order));
}

/** What errors call `eigvalshBatch` where a matrix of its list is at fault. */
export const batchCaller = (index: number): string => `eigvalshBatch[${index}]`;

/**
 * Refuses a symmetric matrix that holds a NaN or an infinity.
 *
 * @throws {NonFiniteError} Naming row, column and value of the first.
 */
export function checkFinite(caller: string, a: SymmetricMatrix): void {
  // x − x is NaN for what is not finite. Asking each element by a callback would take most of the time of a merge.
  let poison = 0;
  for (let i = 0; i < a.upper.length; i++) poison += a.upper[i]! - a.upper[i]!;
  if (poison === 0) return;
  const at = a.upper.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw nonFiniteElement(caller, a, at);
}

/** The error for a symmetric matrix whose packed element `index` is not finite. */
export function nonFiniteElement(caller: string, a: SymmetricMatrix, index: number): NonFiniteError {
  const [row, feature] = packedPosition(a.order, index);
  const value = a.upper[index] as number;
  return new NonFiniteError(
    `${caller}: elements must be finite, got ${value} at row ${row}, column ${feature}`,
    {
      row,
      feature,
      value,
    },
  );
}

/** The error for a batch whose sample `row` has `value` for `feature`, which is not finite or too large. */
export function nonFiniteSample(caller: string, row: number, feature: number, value: number): NonFiniteError {
  const limit = `finite and at most ${LARGEST_SAMPLE} in magnitude`;
  return new NonFiniteError(
    `${caller}: samples must be ${limit}, got ${value} at row ${row}, feature ${feature}`,
    {
      row,
      feature,
      value,
    },
  );
}

/**
 * Refuses a state whose parts do not belong together or are not finite. `features`, where given, is what it must have.
 *
 * @throws {ShapeError} If a size or a count is wrong.
 * @throws {NonFiniteError} If a value is NaN or infinite.
 */
export function checkState(caller: string, state: MomentsState, features = state.features): void {
  wholeNumber(caller, "features", state.features, 1);
  if (state.features !== features) {
    throw new ShapeError(`${caller}: needs a state of ${features} features, got ${state.features}`);
  }
  wholeNumber(caller, "count", state.count, 0);
  checkVector(caller, "shift", state.shift, features);
  checkVector(caller, "offset", state.offset, features);
  checkVector(caller, "scatter", state.scatter, packedLength(features));
  for (const name of ["shift", "offset"] as const) {
    const feature = state[name].findIndex((value) => !Number.isFinite(value));
    if (feature < 0) continue;
    const value = state[name][feature] as number;
    throw new NonFiniteError(`${caller}: ${name} must be finite, got ${value} at feature ${feature}`, {
      row: -1,
      feature,
      value,
    });
  }
  checkFinite(caller, { order: features, upper: state.scatter });
}

/** Row and column of a packed index. */
function packedPosition(order: number, index: number): [row: number, column: number] {
  let row = 0;
  let start = 0;
  while (index >= start + order - row) start += order - row++;
  return [row, row + index - start];
}

function checkVector(caller: string, name: string, vector: Float64Array, length: number): void {
  if (!isTyped(vector, "Float64Array")) {
    throw new ShapeError(`${caller}: ${name} must be a Float64Array, got ${kindOf(vector)}`);
  }
  if (vector.length !== length) {
    throw new ShapeError(`${caller}: ${name} must have ${length} values, got ${vector.length}`);
  }
}

function wholeNumber(caller: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const kind = least === 1 ? "a positive integer" : least === 0 ? "an integer of at least 0" : "an integer";
  throw new ShapeError(
    `${caller}: ${name} must be ${kind}, got ${typeof value === "number" ? value : kindOf(value)}`,
  );
}

/** Unlike `instanceof`, also true for an array of another realm: a frame, a worker's message, a test runner's sandbox. */
function isTyped(value: unknown, tag: string): boolean {
  return ArrayBuffer.isView(value) && (value as Partial<Float64Array>)[Symbol.toStringTag] === tag;
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return value.constructor?.name ?? "an object";
}
