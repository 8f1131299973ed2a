import { ddot } from "../blas/vectors";
import { alignUp } from "../memory";
import { dlasrt } from "./dlasrt";
import { dsterf } from "./dsterf";
import { dsytrdBytes, dsytrdClose, dsytrdInit, dsytrdRows, panelRows, Tridiagonal } from "./dsytrd";
import { expand, largestExponent, packedStart, scale } from "./scaling";

/**
 * A symmetric matrix whose tridiagonal form is computed row by row for as long as it takes, one block of
 * memory:
 *
 *   ├ fields ┼ tridiagonal, of order n + 1 ┼ Ritz values ┼ off-diagonals ┤
 *
 * The first p rows of T are those of p steps of Lanczos' method, orthogonal to working precision: the
 * eigenvalues of T's leading block (Ritz values) are the best approximations from below that p products with
 * A allow, and what T leaves of the trace and of the Frobenius norm of A is what they have not seen.
 *
 * Lanczos' method needs a starting vector with a part in every direction, Householder's starts at the first
 * unit vector. A random vector is put before the matrix as one more row and column: the first reflection turns
 * it into a multiple of the first unit vector, and the matrix with it. Row 0 of T belongs to it and is left out.
 */
@unmanaged
class TopSpectrum {
  n: i32;
  /** Rows of T that are known. */
  rows: i32;
  exponent: i32;
  t: usize;
  ritz: usize;
  e: usize;
  trace: f64;
  squares: f64;
}

const FIELDS: usize = 64;

/**
 * Rows that are reduced before the rest of the matrix is updated. Many more than when all of it is reduced:
 * most often the end comes before the update does.
 */
const PANEL: i32 = 256;

/** Bytes for a matrix of order n. */
export function topSpectrumBytes(n: f64): f64 {
  return <f64>FIELDS + dsytrdBytes(n + 1, <f64>PANEL) + 16 * n + 256;
}

/** Lays it out, and returns where the upper triangle has to be put, packed row by row. */
export function topSpectrumInit(at: usize, n: i32): usize {
  const s = changetype<TopSpectrum>(at);
  s.n = n;
  s.rows = 0;
  s.t = at + FIELDS;
  const t = changetype<Tridiagonal>(s.t);
  s.ritz = dsytrdInit(t, n + 1, PANEL);
  s.e = alignUp(s.ritz + (<usize>n << 3));
  return packedStart(t, n);
}

/** Makes the matrix ready. From here on it is meant times 2⁻ᵉ, its largest element about 1. */
export function topSpectrumStart(at: usize): void {
  const s = changetype<TopSpectrum>(at);
  const t = changetype<Tridiagonal>(s.t);
  s.exponent = largestExponent(t, s.n);
  expand(t, s.n, s.exponent);
  measure(s, t);
  for (let i = 1, random: u64 = 1; i <= s.n; ++i) {
    random = random * 6364136223846793005 + 1442695040888963407;
    store<f64>(t.a + (<usize>i << 3), <f64>(<i64>random) / 9223372036854775808.0); // 2⁶³
  }
}

/** Trace, and the square of the Frobenius norm. */
function measure(s: TopSpectrum, t: Tridiagonal): void {
  const end = <usize>t.padded << 3;
  s.trace = 0;
  s.squares = 0;
  for (let i = 1; i <= s.n; ++i) {
    const row = t.a + <usize>i * t.lda;
    const diagonal = load<f64>(row + (<usize>i << 3));
    const start = <usize>(i & ~3) << 3;
    s.trace += diagonal;
    s.squares += 2 * ddot(end - start, row + start, row + start) - diagonal * diagonal;
  }
}

export function topSpectrumTrace(at: usize): f64 {
  return changetype<TopSpectrum>(at).trace;
}

export function topSpectrumSquares(at: usize): f64 {
  return changetype<TopSpectrum>(at).squares;
}

/** Computes T up to row p < n; p + 1 is a multiple of four. */
export function topSpectrumAdvance(at: usize, p: i32): void {
  const s = changetype<TopSpectrum>(at);
  dsytrdRows(changetype<Tridiagonal>(s.t), s.rows == 0 ? 0 : s.rows + 1, p + 1);
  s.rows = p;
}

/** Computes the rest of T, in narrow panels from here on. */
export function topSpectrumFinish(at: usize): void {
  const s = changetype<TopSpectrum>(at);
  const t = changetype<Tridiagonal>(s.t);
  dsytrdClose(t, s.rows + 1);
  t.panel = panelRows(s.n);
  dsytrdRows(t, s.rows + 1, t.n);
  s.rows = s.n;
}

/** Address of T's diagonal; as many values as rows are known. */
export function topSpectrumDiagonal(at: usize): usize {
  return changetype<Tridiagonal>(changetype<TopSpectrum>(at).t).d + 8;
}

/** Address of T's off-diagonal; as many values, the last of which couples the rows to the rest. */
export function topSpectrumOffDiagonal(at: usize): usize {
  return changetype<Tridiagonal>(changetype<TopSpectrum>(at).t).e + 8;
}

/**
 * Eigenvalues of the known rows of T, ascending, with `addition` added to the last element of the diagonal.
 * Returns 0, or how many off-diagonals did not become zero.
 */
export function topSpectrumRitz(at: usize, addition: f64): i32 {
  const s = changetype<TopSpectrum>(at);
  const bytes = <usize>s.rows << 3;
  const last = s.ritz + bytes - 8;
  memory.copy(s.ritz, topSpectrumDiagonal(at), bytes);
  memory.copy(s.e, topSpectrumOffDiagonal(at), bytes);
  store<f64>(last, load<f64>(last) + addition);
  const info = dsterf(s.rows, s.ritz, s.e);
  dlasrt(s.rows, s.ritz, 0);
  return info;
}

/** Address of what `topSpectrumRitz` found. */
export function topSpectrumValues(at: usize): usize {
  return changetype<TopSpectrum>(at).ritz;
}

/** Takes the power of two back from what `topSpectrumRitz` found. */
export function topSpectrumUnscale(at: usize): void {
  const s = changetype<TopSpectrum>(at);
  scale(s.rows, s.ritz, s.exponent);
}
