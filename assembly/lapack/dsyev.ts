import { leadingBytes } from "../blas/blocks";
import { alignUp } from "../memory";
import { dlasrt } from "./dlasrt";
import { dormtr, dormtrBytes } from "./dormtr";
import { dstedc, dstedcBytes } from "./dstedc";
import { dsterf } from "./dsterf";
import { dsytrd, dsytrdBytes, dsytrdInit, panelRows, Tridiagonal } from "./dsytrd";
import { expand, largestExponent, packedStart, scale } from "./scaling";

/**
 * An eigenproblem, one block of memory:
 *
 *   ├ fields ┼ tridiagonal: matrix, d, e, tau, panels ┤                          eigenvalues only
 *   ├ fields ┼ tridiagonal ┼ z ┼ order ┼ work: dstedc, then dormtr ┤           with eigenvectors
 *
 * The packed matrix is handed over at the end of the space for the square one, and expanded in place. Once
 * the reflectors are no longer needed, the eigenvectors take that space, as columns.
 */
@unmanaged
class Eigenproblem {
  n: i32;
  vectors: i32;
  t: usize;
  z: usize;
  ldz: usize;
  order: usize;
  work: usize;
}

const FIELDS: usize = 64;

/** Bytes of an eigenproblem of order n. */
export function dsyevBytes(n: f64, vectors: bool): f64 {
  const values = <f64>FIELDS + dsytrdBytes(n, <f64>panelRows(n)) + 64;
  if (!vectors) return values;
  const row = 8 * (n + 3) + 128;
  return values + (n + 3) * row + 4 * n + 128 + max(dstedcBytes(n), <f64>dormtrBytes(<i32>n));
}

/** Lays an eigenproblem out, and returns where the upper triangle has to be put, packed row by row. */
export function dsyevInit(at: usize, n: i32, vectors: bool): usize {
  const s = changetype<Eigenproblem>(at);
  s.n = n;
  s.vectors = vectors;
  s.t = at + FIELDS;
  const t = changetype<Tridiagonal>(s.t);
  s.z = dsytrdInit(t, n, panelRows(n));
  s.ldz = leadingBytes(t.padded);
  s.order = s.z + <usize>t.padded * s.ldz;
  s.work = alignUp(s.order + (<usize>n << 2));
  return packedStart(t, n);
}

/**
 * Solves it (LAPACK dsyev). Elements must be finite. Returns 0, or how many off-diagonals did not become
 * zero.
 */
export function dsyev(at: usize): i32 {
  const s = changetype<Eigenproblem>(at);
  const t = changetype<Tridiagonal>(s.t);
  const exponent = largestExponent(t, s.n);
  expand(t, s.n, exponent);
  dsytrd(t);
  const info = s.vectors ? solveVectors(s, t) : dsterf(t.n, t.d, t.e);
  if (!s.vectors) dlasrt(t.n, t.d, 0);
  scale(s.n, t.d, exponent);
  return info;
}

/** Address of the n eigenvalues, ascending. */
export function dsyevValues(at: usize): usize {
  return changetype<Tridiagonal>(changetype<Eigenproblem>(at).t).d;
}

/** Address of the eigenvectors, n × n, row by row; column k belongs to eigenvalue k. */
export function dsyevVectors(at: usize): usize {
  return changetype<Tridiagonal>(changetype<Eigenproblem>(at).t).a;
}

function solveVectors(s: Eigenproblem, t: Tridiagonal): i32 {
  const info = dstedc(t.n, t.d, t.e, s.z, s.ldz, s.work);
  dormtr(t, s.z, s.ldz, s.work);
  for (let i = 0; i < t.n; ++i) store<i32>(s.order + (<usize>i << 2), i);
  dlasrt(t.n, t.d, s.order);
  writeColumns(s, t);
  return info;
}

/** Rows of z, in the order of their eigenvalues, become columns. */
function writeColumns(s: Eigenproblem, t: Tridiagonal): void {
  const n = <usize>t.n << 3;
  // Eight columns at a time fill whole cache lines.
  for (let k0 = 0; k0 < t.n; k0 += 8) {
    const k1 = min(k0 + 8, t.n);
    for (let i: usize = 0; i < n; i += 8) {
      const row = t.a + i * <usize>t.n;
      for (let k = k0; k < k1; ++k) {
        const from = s.z + <usize>load<i32>(s.order + (<usize>k << 2)) * s.ldz + i;
        store<f64>(row + (<usize>k << 3), load<f64>(from));
      }
    }
  }
}
