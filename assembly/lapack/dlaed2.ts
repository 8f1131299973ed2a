import { at, indexAt, put, putIndex } from "../blas/access";
import { drot } from "../blas/drot";
import { padded } from "../blas/blocks";
import { dlasrt } from "./dlasrt";
import { BOTH, LEFT, Merge, RIGHT } from "./merge";

/**
 * Deflation (LAPACK dlaed2): finds the eigenpairs of the halves that the coupling leaves as they are, to working
 * precision. Those are the ones whose eigenvector v is orthogonal to, and, after a rotation, one of any two whose
 * eigenvalues are the same. Sets `rows`, `kinds`, k, `poles` and `weights`.
 */
export function dlaed2(m: Merge): void {
  // `poles` and `products` serve as the sorted eigenvalues and their rows.
  for (let i = 0; i < m.n; ++i) putIndex(m.kinds, i, i < m.n1 ? LEFT : RIGHT);
  memory.copy(m.poles, m.d, <usize>m.n << 3);
  dlasrt(m.n, m.poles, m.products);
  let k = 0, last = m.n, pending = -1;
  for (let i = 0; i < m.n; ++i) {
    const row = indexAt(m.products, i);
    if (m.rho * abs(at(m.v, row)) <= m.tolerance) {
      putIndex(m.rows, --last, row);
      continue;
    }
    if (pending >= 0) {
      if (rotateAway(m, pending, row)) putIndex(m.rows, --last, pending);
      else putIndex(m.rows, k++, pending);
    }
    pending = row;
  }
  if (pending >= 0) putIndex(m.rows, k++, pending);
  m.k = k;
  m.left = 0;
  m.both = 0;
  for (let i = 0; i < m.n; ++i) {
    const row = indexAt(m.rows, i), kind = i < k ? indexAt(m.kinds, row) : RIGHT;
    put(m.poles, i, at(m.d, row));
    put(m.weights, i, at(m.v, row));
    m.left += i32(kind == LEFT);
    m.both += i32(kind == BOTH);
  }
}

/** Turns v's component in row p to zero, into row q, where the off-diagonal that this leaves is negligible. */
function rotateAway(m: Merge, p: i32, q: i32): bool {
  const vp = at(m.v, p), vq = at(m.v, q);
  const length = sqrt(vp * vp + vq * vq);
  const c = vq / length, s = -vp / length;
  const dp = at(m.d, p), dq = at(m.d, q);
  if (abs((dq - dp) * c * s) > m.tolerance) return false;
  put(m.v, q, length);
  if (indexAt(m.kinds, p) != indexAt(m.kinds, q)) {
    putIndex(m.kinds, p, BOTH);
    putIndex(m.kinds, q, BOTH);
  }
  drot(<usize>padded(m.n) << 3, m.z + <usize>p * m.ldz, m.z + <usize>q * m.ldz, c, s);
  put(m.d, p, dp * c * c + dq * s * s);
  put(m.d, q, dp * s * s + dq * c * c);
  return true;
}
