import { ShapeError } from "@delve/kernel";
import { show } from "../names.js";
import { seededRandom } from "../sampling/random.js";
import { standardNormal } from "./standard-normal.js";

/** Where the randomness of `rvs` comes from. */
export interface RvsOptions {
  /** A whole number; the same seed gives the same matrix everywhere. Another one each time when left out. */
  readonly seed?: number | undefined;
  /** A source of standard normal numbers of one's own instead of a seed. */
  readonly normal?: (() => number) | undefined;
}

/**
 * A random orthonormal matrix of determinant 1, dim × dim, row-major: a rotation, each as likely as any other. Its
 * first k columns span a random subspace of k dimensions.
 *
 * G. W. Stewart, "The efficient generation of random orthogonal matrices with an application to condition
 * estimators", SIAM Journal on Numerical Analysis 17 (1980), 403–409: a product of Householder reflections
 * I − 2vvᵀ/vᵀv, each of which turns a normal vector into its first axis. Takes 4/3·dim³ operations.
 *
 * @throws {ShapeError} If `dim` is not a positive whole number.
 * @throws {RangeError} If the seed is not a whole number, or comes together with `normal`.
 * @example
 * rvs(1); // [1]
 * const [a, b, c, d] = rvs(2, { seed: 7 });
 * a * d - b * c; // ≈ 1
 * a * b + c * d; // ≈ 0
 */
export function rvs(dim = 3, options: RvsOptions = {}): Float64Array {
  if (!(Number.isSafeInteger(dim) && dim >= 1)) {
    throw new ShapeError(`rvs: dim must be a positive whole number, got ${show(dim)}`);
  }
  const normal = normalSource("rvs", options);
  const h = identity(dim);
  const signs = new Float64Array(dim).fill(1);
  let determinant = dim % 2 === 0 ? -1 : 1;
  for (let n = 0; n < dim - 1; n++) {
    const v = Float64Array.from({ length: dim - n }, normal);
    signs[n] = towardsAxis(v);
    determinant *= signs[n]!;
    reflectColumns(h, dim, n, v);
  }
  // dim − 1 reflections have determinant (−1)^(dim − 1); the last sign makes up for that and for the others.
  signs[dim - 1] = determinant;
  return h.map((value, i) => value * signs[Math.floor(i / dim)]!);
}

/**
 * The source of standard normal numbers that the options ask for, to be shared by several calls of `rvs`.
 *
 * @param where - What messages name before the option.
 * @throws {RangeError} If the seed is not a whole number, or comes together with `normal`.
 * @example
 * const normal = normalSource("myFunction", { seed: 1 });
 * rvs(3, { normal }).length; // 9
 * normalSource("myFunction", { seed: 0.5 }); // throws RangeError: myFunction: seed must be a whole number, got 0.5
 */
export function normalSource(where: string, { seed, normal }: RvsOptions): () => number {
  if (normal !== undefined) {
    if (seed === undefined) return normal;
    throw new RangeError(`${where}: seed and normal exclude each other, got both`);
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new RangeError(`${where}: seed must be a whole number, got ${show(seed)}`);
  }
  return standardNormal(seededRandom(seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)));
}

function identity(dim: number): Float64Array {
  const matrix = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) matrix[i * dim + i] = 1;
  return matrix;
}

/** x ← x − s‖x‖e₁ where s is the sign of x₁, which is returned. */
function towardsAxis(x: Float64Array): number {
  const first = x[0]!;
  const sign = first < 0 ? -1 : 1;
  let rest = 0;
  for (let i = 1; i < x.length; i++) rest += x[i]! * x[i]!;
  // |x₁| − ‖x‖ without the cancellation.
  x[0] = (-sign * rest) / (Math.abs(first) + Math.sqrt(first * first + rest) || 1);
  return sign;
}

/** Applies I − 2vvᵀ/vᵀv from the right to the columns of h from `start` on. */
function reflectColumns(h: Float64Array, dim: number, start: number, v: Float64Array): void {
  let square = 0;
  for (const value of v) square += value * value;
  if (square === 0) return;
  for (let row = 0; row < dim; row++) {
    const at = row * dim + start;
    let dot = 0;
    for (let i = 0; i < v.length; i++) dot += h[at + i]! * v[i]!;
    const factor = (2 * dot) / square;
    for (let i = 0; i < v.length; i++) h[at + i] = h[at + i]! - factor * v[i]!;
  }
}
