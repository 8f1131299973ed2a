import { at, put } from "../blas/access";
import { KC, leadingBytes, padded, sliceBytes } from "../blas/blocks";
import { dgemmColumn } from "../blas/dgemm";
import { dpack_n, dpack_t } from "../blas/dpack";
import { ddot, dgemv_n, dgemv_t, dscaxpy } from "../blas/vectors";
import { alignUp } from "../memory";
import { EPS } from "./constants";
import { largestExponent, scale } from "./scaling";

/**
 * A symmetric matrix A and an orthonormal basis Q that grows by Lanczos' method with blocks (G. H. Golub, R. Underwood,
 * 1977), until the eigenvalues of T = Qᵀ·A·Q (Ritz values), the best approximations from below that the products so
 * far allow, tell enough: the caller takes the last columns of T after each step. One block of memory, rewritten to
 * the form in which the products take their operands.
 *
 * A is read once for a whole block of vectors, and every vector is made orthogonal to all others, twice where the first
 * time left little of it, so that T tells, to about working precision, what it leaves of the trace and of the Frobenius
 * norm of A, whatever the matrix.
 * A direction that is lost is replaced by a random one.
 */
@unmanaged
class TopSpectrum {
  n: i32;
  padded: i32;
  /** Vectors in Q, and how many there may be. */
  rows: i32;
  limit: i32;
  random: u64;
  /** Sums of the diagonal and of all squares of A. */
  trace: f64;
  squares: f64;
  exponent: f64;
  /** A in panels of KC rows, each in slices of four columns, so that a product reads it from end to end. */
  a: usize;
  /** Q in slices of four vectors, and their distance; −Q in slices of four elements of all vectors, and their distance. */
  q: usize;
  tall: usize;
  qt: usize;
  wide: usize;
  /** A block of vectors, row by row, and packed. */
  w: usize;
  ldw: usize;
  packed: usize;
  /** Products of Q with a block, and then of the block with itself, in slices of four vectors of the block; their distance. */
  s: usize;
  lds: usize;
}

const FIELDS: usize = 192;

/** Vectors in a block: two tiles for each piece of A that is read. */
const BLOCK: i32 = 8;

/** Distance of slices of a panel. */
const SLICE: usize = KC * 32 + 64;

/** Bytes for a matrix of order n and up to n/3 vectors. */
export function topSpectrumBytes(n: f64): f64 {
  return 13.5 * n * n + 3200 * n + 32768;
}

/** Lays it out for so many vectors at most, a multiple of BLOCK, and returns where the upper triangle has to be put, packed row by row. */
export function topSpectrumInit(address: usize, n: i32, limit: i32): usize {
  const s = changetype<TopSpectrum>(address);
  const np = padded(n);
  s.n = n;
  s.padded = np;
  s.limit = limit;
  s.rows = 0;
  s.tall = sliceBytes(np);
  s.wide = sliceBytes(limit);
  s.ldw = leadingBytes(np);
  s.lds = <usize>limit << 5;
  s.w = alignUp(address + FIELDS);
  s.packed = s.w + <usize>BLOCK * s.ldw;
  s.s = s.packed + <usize>(BLOCK >> 2) * s.tall;
  s.a = alignUp(s.s + <usize>(BLOCK >> 2) * s.lds + <usize>(BLOCK * BLOCK * 8));
  s.q = s.a + <usize>((np + KC - 1) / KC) * panelBytes(s);
  s.qt = s.q + <usize>(limit >> 2) * s.tall;
  return s.q;
}

/** Makes the matrix ready. From here on it is meant times 2⁻ᵉ, its largest element about 1. */
export function topSpectrumStart(address: usize): void {
  const s = changetype<TopSpectrum>(address);
  s.random = 1;
  s.trace = 0;
  s.squares = 0;
  const end = s.q + <usize>s.n * <usize>(s.n + 1) * 4;
  const exponent = largestExponent(s.q, end);
  s.exponent = <f64>exponent;
  memory.fill(s.w, 0, <usize>BLOCK * s.ldw);
  // The first eight rows come last, and stay in W: what A makes of unit vectors costs no product.
  for (let i = s.padded - 4; i >= 0; i -= 4) packRows(s, i, end - <usize>((s.n - i) * (s.n - i + 1)) * 4, exponent);
}

/** Bytes from one panel of A to the next. */
@inline function panelBytes(s: TopSpectrum): usize {
  return <usize>(s.padded >> 2) * SLICE;
}

/** Row k of the slice of A that column j is in. */
function rowOfSlice(s: TopSpectrum, k: i32, j: i32): usize {
  return s.a + <usize>(k / KC) * panelBytes(s) + <usize>(j >> 2) * SLICE + (<usize>(k % KC) << 5);
}

/** Four rows, from those packed at `from`: as rows of the slices right of the diagonal, and as the one slice below it. */
function packRows(s: TopSpectrum, first: i32, from: usize, exponent: i32): void {
  const column = <usize>first << 3;
  const bytes = (<usize>s.padded << 3) - column;
  const w = s.w + <usize>(first & 4) * s.ldw;
  for (let i = first, row = w; i < first + 4; ++i, row += s.ldw) {
    const length = <usize>max(s.n - i, 0) << 3;
    memory.fill(row + column, 0, bytes);
    memory.copy(row + (<usize>i << 3), from, length);
    scale(s.n - i, row + (<usize>i << 3), -exponent);
    const diagonal = at(row, i);
    s.trace += diagonal;
    s.squares += 2 * ddot(bytes, row + column, row + column) - diagonal * diagonal;
    for (let j = first; j < i; ++j) put(row, j, at(w + <usize>(j - first) * s.ldw, i));
    from += length;
  }
  dpack_n(4, (s.padded - first) >> 2, 1, w + column, s.ldw, rowOfSlice(s, first, first), SLICE);
  for (let k = first, depth = 0; k < s.padded; k += depth) {
    depth = min(s.padded, (k / KC + 1) * KC) - k;
    dpack_t(depth, w + (<usize>k << 3), s.ldw, rowOfSlice(s, k, first));
  }
}

/** Address of three values: trace and squares of A, and the exponent e. */
export function topSpectrumSums(address: usize): usize {
  return address + offsetof<TopSpectrum>("trace");
}

/**
 * Adds a block to Q, made orthogonal to it a second time if the first left less than `clear` of a vector; returns where
 * the last columns of T are, four by four, with `limit` rows each, and after them, four by four, those of what A makes
 * of the block outside of Q, times its transposed.
 */
export function topSpectrumAdvance(address: usize, clear: f64): usize {
  const s = changetype<TopSpectrum>(address);
  if (orthonormalise(s, <f64>s.n * 64 * EPS) < clear) {
    project(s);
    orthonormalise(s, 0);
  }
  const block = s.q + <usize>(s.rows >> 2) * s.tall;
  for (let i = 0; i < BLOCK; i += 4) {
    dpack_t(s.padded, s.w + <usize>i * s.ldw, s.ldw, block + <usize>(i >> 2) * s.tall);
  }
  dpack_n(BLOCK, s.padded >> 2, -1, s.w, s.ldw, s.qt + (<usize>s.rows << 5), s.wide);
  s.rows += BLOCK;
  multiply(s, block);
  project(s);
  packBlock(s);
  crossProducts(s, BLOCK, s.packed, s.s + <usize>(BLOCK >> 2) * s.lds, BLOCK << 5);
  return s.s;
}

/** W ← A·(the block of Q). */
function multiply(s: TopSpectrum, block: usize): void {
  memory.fill(s.w, 0, <usize>BLOCK * s.ldw);
  for (let k = 0; k < s.padded; k += KC) {
    const depth = min(KC, s.padded - k), offset = <usize>k << 5;
    let a = rowOfSlice(s, k, 0);
    const end = s.w + (<usize>s.padded << 3);
    for (let w = s.w; w < end; w += 32, a += SLICE) {
      dgemmColumn(BLOCK >> 2, depth, block + offset, s.tall, a, w, s.ldw);
    }
  }
}

/** S ← Qᵀ·W, W ← W − Q·S. */
function project(s: TopSpectrum): void {
  packBlock(s);
  crossProducts(s, s.rows, s.q, s.s, s.lds);
  for (let j: usize = 0; j < <usize>s.padded >> 2; ++j) {
    dgemmColumn(BLOCK >> 2, s.rows, s.s, s.lds, s.qt + j * s.wide, s.w + (j << 5), s.ldw);
  }
}

function packBlock(s: TopSpectrum): void {
  for (let i: usize = 0; i < <usize>BLOCK >> 2; ++i) {
    dpack_t(s.padded, s.w + (i << 2) * s.ldw, s.ldw, s.packed + i * s.tall);
  }
}

/** Products of `count` packed vectors with those of the packed block, to slices `slice` bytes apart. */
function crossProducts(s: TopSpectrum, count: i32, vectors: usize, to: usize, slice: usize): void {
  for (let i: usize = 0; i < <usize>BLOCK >> 2; ++i, to += slice) {
    memory.fill(to, 0, <usize>count << 5);
    for (let k = 0; k < s.padded; k += KC) {
      const offset = <usize>k << 5;
      const b = s.packed + i * s.tall + offset;
      dgemmColumn(count >> 2, min(KC, s.padded - k), vectors + offset, s.tall, b, to, 32);
    }
  }
}

/**
 * Makes the rows of W orthonormal to each other; returns the least that a row was left with, 0 for a random one. Such a
 * one takes the place of one that is left with no more than `tiny`, or a small part of what it was: too little is known.
 */
function orthonormalise(s: TopSpectrum, tiny: f64): f64 {
  const bytes = <usize>s.padded << 3;
  let least = Infinity;
  for (let i = 0, row = s.w; i < BLOCK; ++i, row += s.ldw) {
    let norm = removeRows(s, i, row, tiny);
    least = min(least, norm);
    while (norm == 0) {
      for (let k = 0; k < s.n; ++k) {
        s.random = s.random * 6364136223846793005 + 1442695040888963407;
        put(row, k, <f64>(<i64>s.random) / 9223372036854775808.0); // 2⁶³
      }
      norm = removeRows(s, i, row, tiny);
    }
    dscaxpy(bytes, 1 / norm, 0, row, row);
  }
  return least;
}

/** Makes a row of W orthogonal to the first i rows, twice for rounding; returns its norm, 0 where it is nothing left. */
function removeRows(s: TopSpectrum, i: i32, row: usize, tiny: f64): f64 {
  const bytes = <usize>s.padded << 3;
  const least = max(tiny, 1e-10 * sqrt(ddot(bytes, row, row)));
  for (let pass = 0; pass < 2; ++pass) {
    dgemv_n(i, bytes, s.w, s.ldw, row, s.s);
    dgemv_t(i, bytes, s.w, s.ldw, s.s, row);
  }
  const norm = sqrt(ddot(bytes, row, row));
  return norm > least ? norm : 0;
}
