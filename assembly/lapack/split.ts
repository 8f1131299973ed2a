import { EPS, TINY } from "./constants";

/**
 * Where a tridiagonal matrix falls apart: index of the first of its n − 1 off-diagonals that is negligible beside its
 * two neighbours on the diagonal, and is cleared; n − 1 if there is none. `step` is the distance between elements in
 * bytes, negative to start from the bottom; `squared` says that e holds squares.
 */
@inline export function split(n: i32, d: usize, e: usize, step: usize, squared: bool): i32 {
  let previous = load<f64>(d);
  for (let i = 0; i < n - 1; ++i, e += step) {
    d += step;
    const next = load<f64>(d);
    const ei = load<f64>(e);
    if ((squared ? ei : ei * ei) <= EPS * EPS * abs(previous * next) + TINY) {
      store<f64>(e, 0);
      return i;
    }
    previous = next;
  }
  return n - 1;
}

/** How many of n off-diagonals have not become zero: what LAPACK calls info. */
export function countNonzero(n: i32, e: usize): i32 {
  let count = 0;
  for (; n > 0; --n, e += 8) if (load<f64>(e) != 0) ++count;
  return count;
}
