import { tiledBytes } from "../blas/tiles";
import { dlasrt } from "./dlasrt";
import { dormtr } from "./dormtr";
import { dstedc } from "./dstedc";
import { dsterf } from "./dsterf";
import { dsytrd, dsytrdBytes, dsytrdInit, panelRows, trailing, Tridiagonal } from "./dsytrd";
import { mergeBytes } from "./merge";
import { expand, largestExponent, packedStart, scale } from "./scaling";

/**
 * An eigenproblem, one block of memory:
 *
 *   ├ fields ┼ tridiagonal: panels, d, e, tau ┼ tiles ┤                                      eigenvalues only
 *   ├ fields ┼ tridiagonal: reflectors, d, e, tau ┼ tiles, then z ┼ dstedc, then dormtr ┤    with eigenvectors
 *
 * The packed matrix is handed over at the end of the space for the tiles, and expanded in place. Once the
 * reflectors are no longer needed, the eigenvectors take their space, as columns.
 */
@unmanaged
class Eigenproblem {
  vectors: i32;
  t: usize;
  z: usize;
  work: usize;
}

const FIELDS: usize = 64;

/** Bytes of an eigenproblem of order n. */
export function dsyevBytes(n: f64, vectors: bool): f64 {
  const common = dsytrdBytes(n, vectors) + 128;
  return common + (vectors ? 8 * n * n + 160 * n + 1024 + mergeBytes(n) : tiledBytes((n + 3) / 4));
}

/** Lays an eigenproblem out, and returns where the upper triangle has to be put, packed row by row. */
export function dsyevInit(at: usize, n: i32, vectors: bool): usize {
  const s = changetype<Eigenproblem>(at);
  s.vectors = vectors;
  s.t = at + FIELDS;
  const t = changetype<Tridiagonal>(s.t);
  s.z = dsytrdInit(t, n, panelRows(n), vectors);
  s.work = s.z + <usize>t.padded * t.lda;
  return packedStart(t);
}

/**
 * Solves it (LAPACK dsyev). Elements must be finite. Returns 0, or how many off-diagonals did not become
 * zero.
 */
export function dsyev(at: usize): i32 {
  const s = changetype<Eigenproblem>(at);
  const t = changetype<Tridiagonal>(s.t);
  const exponent = largestExponent(packedStart(t), trailing(t, t.padded));
  expand(t, exponent);
  dsytrd(t);
  const info = s.vectors ? solveVectors(s, t) : dsterf(t.n, t.d, t.e);
  // The order takes the place of a panel, which is done with.
  dlasrt(t.n, t.d, t.w);
  if (s.vectors) writeColumns(s, t);
  scale(t.n, t.d, exponent);
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
  const info = dstedc(t.n, t.d, t.e, s.z, t.lda, s.work);
  dormtr(t, s.z, t.lda, s.work);
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
        const from = s.z + <usize>load<i32>(t.w + (<usize>k << 2)) * t.lda + i;
        store<f64>(row + (<usize>k << 3), load<f64>(from));
      }
    }
  }
}
