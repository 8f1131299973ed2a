import { type SampleMatrix, ShapeError, type SymmetricMatrix } from "@delve/kernel";
import { asTensorView } from "./as-tensor-view.js";
import type { TensorView } from "./tensor-view.js";

/**
 * Reads any accepted input as n ≥ 1 samples of d ≥ 1 features, without a copy where the numbers are float32 or
 * float64.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {ShapeError} If `x` is not a matrix, or has no rows or no features.
 * @throws {TypeError} If `x` is none of the accepted forms, or holds something else than numbers.
 */
export function asSamples(caller: string, x: unknown): SampleMatrix {
  const { data, shape, strides, offset } = asMatrixView(caller, x);
  const [rows, features] = shape as [number, number];
  if (rows === 0) throw new ShapeError(`${caller}: needs at least one sample, got shape [0, ${features}]`);
  if (features === 0) throw new ShapeError(`${caller}: needs at least one feature, got shape [${rows}, 0]`);
  return { data, offset, rows, features, rowStride: strides[0]!, featureStride: strides[1]! };
}

/** Which triangle of a symmetric matrix is read: the upper or the lower one. */
export type Uplo = "U" | "L";

/**
 * How far mirrored elements may be apart, as a share of the largest: covers products summed in float32 in another
 * order, and no real asymmetry.
 */
const ASYMMETRY = 1e-6;

/**
 * Reads any accepted input as a symmetric matrix of order ≥ 1, copied.
 *
 * @param uplo - The triangle to read, the other being ignored. When left out, both must agree up to rounding, and
 * the upper one is read.
 * @throws {ShapeError} If `x` is not a square matrix, or is empty.
 * @throws {RangeError} If `x` is not symmetric.
 * @throws {TypeError} If `x` is none of the accepted forms, or holds something else than numbers.
 */
export function asSymmetric(caller: string, x: unknown, uplo?: Uplo): SymmetricMatrix {
  const view = asMatrixView(caller, x);
  const [order, columns] = view.shape as [number, number];
  if (order !== columns || order === 0) {
    throw new ShapeError(
      `${caller}: needs a square matrix of order 1 or more, got shape [${order}, ${columns}]`,
    );
  }
  if (uplo === undefined) refuseAsymmetry(caller, view);
  const [rowStride, columnStride] = view.strides as [number, number];
  const [inner, outer] = uplo === "L" ? [rowStride, columnStride] : [columnStride, rowStride];
  const upper = new Float64Array((order * (order + 1)) / 2);
  let next = 0;
  for (let i = 0; i < order; i++) {
    const row = view.offset + i * outer;
    for (let j = i; j < order; j++) upper[next++] = view.data[row + j * inner]!;
  }
  return { order, upper };
}

function refuseAsymmetry(caller: string, { data, shape, strides, offset }: TensorView): void {
  const order = shape[0]!;
  const [rowStride, columnStride] = strides as [number, number];
  let largest = 0;
  let gap = 0;
  let at = [0, 0] as [number, number];
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) {
      const above = data[offset + i * rowStride + j * columnStride]!;
      const below = data[offset + j * rowStride + i * columnStride]!;
      largest = Math.max(largest, Math.abs(above), Math.abs(below));
      if (Math.abs(above - below) > gap) {
        gap = Math.abs(above - below);
        at = [i, j];
      }
    }
  }
  // A matrix with NaN passes: what it is refused for is the NaN.
  if (gap > ASYMMETRY * largest) {
    const [i, j] = at;
    const above = data[offset + i * rowStride + j * columnStride];
    const below = data[offset + j * rowStride + i * columnStride];
    throw new RangeError(
      `${caller}: the matrix must be symmetric (or uplo must say which triangle counts), ` +
        `got ${above} at [${i}, ${j}] and ${below} at [${j}, ${i}]`,
    );
  }
}

function asMatrixView(caller: string, x: unknown): TensorView {
  const view = asTensorView(caller, x);
  if (view.shape.length !== 2) {
    throw new ShapeError(
      `${caller}: needs a matrix (rows × features, 2 dimensions), got shape [${view.shape.join(", ")}]`,
    );
  }
  return view;
}
