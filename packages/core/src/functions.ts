import type { CovarianceOptions, SyncBackend } from "@delve/kernel";
import { type RvsOptions, rvs as rotation } from "@delve/stats/statistics";
import { Delve, type EighOptions, type EighResult, type SaturationOptions } from "./delve.js";
import { type DeviceOptions, sharedDevice } from "./device.js";
import type { MatrixInput } from "./input/matrix-input.js";
import { Matrix } from "./matrix.js";
import { checkOptions } from "./options.js";
import type { PcaOptions, PrincipalSubspace } from "./subspace.js";

/** Where to compute: on a device by its name, or on a backend of one's own. */
export interface LoadDelveOptions extends DeviceOptions {
  readonly backend?: SyncBackend | undefined;
}

/**
 * The functions of this package without the `await`: for callbacks and inner loops. The kernel is loaded once and
 * shared; its memory stays at its peak. Hand in a backend (`backend: await loadKernel()`) to have one to dispose.
 *
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 * @example
 * const delve = await loadDelve();
 * [[0, 1], [1, 1]].map((b) => delve.intrinsicDimensionality([[0, 0], [2, 0], b])); // [2, 2]
 */
export async function loadDelve(options: LoadDelveOptions = {}): Promise<Delve> {
  checkOptions("loadDelve", options, ["device", "backend"]);
  return new Delve(options.backend ?? (await sharedDevice("loadDelve", options.device)));
}

/**
 * Covariance matrix of the columns of `x`, features × features, accumulated in float64 whatever the size of the mean.
 *
 * Do not change `x` before the promise has settled; the same holds for every function here.
 *
 * @param options - `center: false` leaves the mean in: the second moment Σ x xᵀ/(n − ddof). `ddof`, 0 when left out,
 * is what the number of samples is lessened by: 1 gives the unbiased estimate.
 * @throws {ShapeError} If `x` is not a matrix with at least one row and one column.
 * @throws {NonFiniteError} If a value is NaN or infinite; it says in which row and feature.
 * @throws {RangeError} If there are no more than `ddof` samples.
 * @example
 * const c = await covariance([[1, 2], [3, 2], [5, 8]]);
 * c.toArray(); // [[8 / 3, 4], [4, 8]]
 * (await covariance({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }, { ddof: 1 })).data; // [2, 2, 2, 2]
 * await covariance([[1, NaN]]); // throws NonFiniteError
 */
export async function covariance(x: MatrixInput, options: CovarianceOptions = {}): Promise<Matrix> {
  return (await loadDelve()).covariance(x, options);
}

/**
 * Eigenvalues of the covariance matrix of `x`, descending: the variance along each principal axis.
 *
 * @throws {ShapeError} If `x` is not a matrix with at least one row and one column.
 * @throws {NonFiniteError} If a value is NaN or infinite.
 * @example
 * await spectrum([[1, 1], [-1, -1]]); // [2, 0]
 */
export async function spectrum(x: MatrixInput): Promise<Float64Array> {
  return (await loadDelve()).spectrum(x);
}

/**
 * Share of the feature directions of `x` that carry its variance, in [0, 1]: its intrinsic dimensionality divided by
 * its number of columns. It cannot exceed (n − 1)/d for n samples of d features; 0 where nothing varies.
 *
 * @throws {ShapeError} If `x` is not a matrix with at least one row and one column.
 * @throws {NonFiniteError} If a value is NaN or infinite.
 * @throws {RangeError} If the threshold lies outside (0, 1].
 * @example
 * const x = [[1, 1, 0], [-1, -1, 0], [1, 0.9, 0], [-1, -0.9, 0]];
 * await saturation(x); // 0.333…
 * await saturation(x, { threshold: 0.9999 }); // 0.666…
 */
export async function saturation(x: MatrixInput, options: SaturationOptions = {}): Promise<number> {
  return (await loadDelve()).saturation(x, options);
}

/**
 * Number of directions that it takes to carry a share of the variance of `x`, 99 % when left out; 0 where nothing
 * varies.
 *
 * @throws {ShapeError} If `x` is not a matrix with at least one row and one column.
 * @throws {NonFiniteError} If a value is NaN or infinite.
 * @throws {RangeError} If the threshold lies outside (0, 1].
 * @example
 * const x = [[2, 0], [-2, 0], [0, 1], [0, -1]];
 * await intrinsicDimensionality(x); // 2
 * await intrinsicDimensionality(x, { threshold: 0.75 }); // 1
 * await intrinsicDimensionality(x, { idimRule: "delve" }); // 1
 */
export async function intrinsicDimensionality(
  x: MatrixInput,
  options: SaturationOptions = {},
): Promise<number> {
  return (await loadDelve()).intrinsicDimensionality(x, options);
}

/**
 * The subspace in which `x` varies most: the fewer dimensions in which embeddings, say, can be kept or compared.
 *
 * @throws {ShapeError} If `x` is not a matrix with at least one row and one column, or `rank` not one of 1 … columns.
 * @throws {NonFiniteError} If a value is NaN or infinite.
 * @throws {RangeError} If the threshold lies outside (0, 1], or comes together with `rank`.
 * @example
 * const subspace = await pca([[0, 1, 2], [4, 1, 2], [8, 1, 2]]);
 * subspace.rank; // 1
 * subspace.project([[5, 7, 7]]).toArray(); // [[5, 1, 2]]
 * subspace.coordinates([[5, 7, 7]]).toArray(); // [[1]]
 */
export async function pca(x: MatrixInput, options: PcaOptions = {}): Promise<PrincipalSubspace> {
  return (await loadDelve()).pca(x, options);
}

/**
 * A random rotation, dim × dim: orthonormal, of determinant 1, each as likely as any other (G. W. Stewart 1980). Its
 * first k columns span a random subspace.
 *
 * @throws {ShapeError} If `dim` is not a positive whole number.
 * @throws {RangeError} If the seed is not a whole number.
 * @example
 * const q = rvs(3, { seed: 1 });
 * q.shape; // [3, 3]
 * q.at(0, 0) * q.at(0, 1) + q.at(1, 0) * q.at(1, 1) + q.at(2, 0) * q.at(2, 1); // ≈ 0
 */
export function rvs(dim = 3, options: RvsOptions = {}): Matrix {
  return new Matrix(rotation(dim, options), [dim, dim]);
}

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric matrix.
 *
 * @param options - `uplo` names the triangle to read, "U" or "L"; without it both must agree up to rounding.
 * @throws {ShapeError} If `a` is not square.
 * @throws {RangeError} If `a` is not symmetric.
 * @throws {NonFiniteError} If an element is NaN or infinite.
 * @example
 * const { values, vectors } = await eigh([[2, 1], [1, 2]]);
 * values; // [1, 3]
 * Math.abs(vectors.at(0, 1)); // ≈ 0.7071
 */
export async function eigh(a: MatrixInput, options: EighOptions = {}): Promise<EighResult> {
  return (await loadDelve()).eigh(a, options);
}

/**
 * Eigenvalues of a symmetric matrix, ascending; several times faster than `eigh`.
 *
 * @param options - `uplo` names the triangle to read, "U" or "L"; without it both must agree up to rounding.
 * @throws {ShapeError} If `a` is not square.
 * @throws {RangeError} If `a` is not symmetric.
 * @throws {NonFiniteError} If an element is NaN or infinite.
 * @example
 * await eigvalsh([[2, 1], [1, 2]]); // [1, 3]
 * await eigvalsh(await covariance([[1, 1], [-1, -1]])); // [0, 2]
 */
export async function eigvalsh(a: MatrixInput, options: EighOptions = {}): Promise<Float64Array> {
  return (await loadDelve()).eigvalsh(a, options);
}
