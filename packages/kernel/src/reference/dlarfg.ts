import { NEGLIGIBLE } from "./scaling.js";

/** An elementary reflector H = I − τ v vᵀ and what it leaves of the vector it was made for. */
export interface Reflector {
  readonly tau: number;
  readonly beta: number;
}

/**
 * Householder reflector that maps the `length` values of `x` from index `at` to (0, …, 0, β) (LAPACK dlarfg, with
 * α the last element). They are overwritten with v, whose last element is 1; τ = 0 stands for H = I.
 *
 * β takes the sign that α has not, so that α − β does not cancel.
 */
export function dlarfg(x: Float64Array, at: number, length: number): Reflector {
  const last = at + length - 1;
  const alpha = x[last]!;
  let largest = 0;
  let squares = alpha * alpha;
  for (let i = at; i < last; i++) {
    largest = Math.max(largest, Math.abs(x[i]!));
    squares += x[i]! * x[i]!;
  }
  x[last] = 1;
  if (largest <= NEGLIGIBLE) {
    x.fill(0, at, last);
    return { tau: 0, beta: alpha };
  }
  const beta = alpha > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  for (let i = at; i < last; i++) x[i] = x[i]! / (alpha - beta);
  return { tau: (beta - alpha) / beta, beta };
}
