import { at, put } from "../blas/access";
import { LEAF, padded } from "../blas/blocks";
import { EPS } from "./constants";
import { dlaed2 } from "./dlaed2";
import { dlaed3 } from "./dlaed3";
import { dsteqr } from "./dsteqr";
import { Merge, mergeInit } from "./merge";

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer (J. J. M. Cuppen, 1981; LAPACK
 * dstedc). The eigenvalues replace d, unsorted; e, which has room for n values, is destroyed. The eigenvectors become the rows of z, n by n, which
 * has room for `padded(n)` rows and columns. Returns 0, or how many off-diagonals did not become zero.
 */
export function dstedc(n: i32, d: usize, e: usize, z: usize, ldz: usize, work: usize): i32 {
  const m = changetype<Merge>(work);
  mergeInit(m, n);
  m.ldz = ldz;
  let largest: f64 = 0;
  put(e, n - 1, 0);
  for (let i = 0; i < n; ++i) largest = max(largest, max(abs(at(d, i)), abs(at(e, i))));
  m.tolerance = 8 * EPS * largest;
  memory.fill(z, 0, <usize>padded(n) * ldz);
  return solve(m, n, d, e, z);
}

/** The part of order n that begins at these elements: torn in two, each half solved, and put together again. */
function solve(m: Merge, n: i32, d: usize, e: usize, z: usize): i32 {
  if (n <= LEAF) {
    for (let i = 0; i < n; ++i) put(z + <usize>i * m.ldz, i, 1);
    return dsteqr(n, d, e, z, m.ldz);
  }
  const n1 = padded(n >> 1);
  const middle = <usize>n1 << 3;
  const rho = load<f64>(e + middle - 8);
  store<f64>(d + middle - 8, load<f64>(d + middle - 8) - abs(rho));
  store<f64>(d + middle, load<f64>(d + middle) - abs(rho));
  let info = solve(m, n1, d, e, z);
  info += solve(m, n - n1, d + middle, e + middle, z + <usize>n1 * m.ldz + middle);
  m.n = n;
  m.n1 = n1;
  m.d = d;
  m.z = z;
  couple(m, rho);
  dlaed2(m);
  dlaed3(m);
  return info;
}

/** The coupling in terms of the halves' eigenvectors: rho·v·vᵀ, from the last and the first row. */
function couple(m: Merge, rho: f64): void {
  m.rho = abs(rho);
  const column = <usize>m.n1 << 3;
  for (let i = 0; i < m.n; ++i) {
    const row = m.z + <usize>i * m.ldz + column;
    put(m.v, i, i < m.n1 ? load<f64>(row - 8) : copysign<f64>(1, rho) * load<f64>(row));
  }
}
