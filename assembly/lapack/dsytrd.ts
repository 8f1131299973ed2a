import { leadingBytes, NB, padded } from "../blas/blocks";
import { dsyr2k, dsyr2kBytes } from "../blas/dsyr2k";
import { tileIndex, tilesToRows } from "../blas/tiles";
import { alignUp } from "../memory";
import { dlatrd } from "./dlatrd";

/**
 * A symmetric matrix on its way to tridiagonal form, A = Q·T·Qᵀ, Q = H₀H₁⋯. Rows and columns are padded with
 * zeros to a multiple of four.
 */
@unmanaged
export class Tridiagonal {
  n: i32;
  padded: i32;
  /** Rows that are reduced before the rest of the matrix is updated. */
  panel: i32;
  /** The matrix, tiled upper triangle; what lies behind the current panel is up to date. */
  tiles: usize;
  /**
   * Rows, `lda` bytes apart: all of them, or those of one panel where reflectors are of no use later. Row p is copied
   * here from its tiles, and then holds reflector p right of the diagonal.
   */
  a: usize;
  lda: usize;
  rows: i32;
  /** Diagonal of T, its off-diagonal, and the factors of the reflectors. */
  d: usize;
  e: usize;
  tau: usize;
  /** Panel of w vectors, the current v, coefficients, and packed operands. */
  w: usize;
  ldw: usize;
  v: usize;
  c0: usize;
  c1: usize;
  packed: usize;
}

const FIELDS: usize = 64;

/**
 * Rows in a panel when all of a matrix of order n is reduced. While the matrix is in the second-level cache its
 * updates are cheap, and what a panel costs, products with all of its rows for each of them, weighs more.
 */
export function panelRows(n: f64): i32 {
  return n < 384 ? NB / 4 : n < 1536 ? NB / 2 : NB;
}

/** Bytes of a `Tridiagonal` of order n, its arrays included but for the tiles, with panels of NB rows at most. */
export function dsytrdBytes(n: f64, reflectors: bool): f64 {
  return (8 * n + 128) * (reflectors ? n + 3 : NB) + 1400 * n + 12288;
}

/** Lays a `Tridiagonal` out, with or without room for all reflectors, and returns its end, where its tiles begin. */
export function dsytrdInit(t: Tridiagonal, n: i32, panel: i32, reflectors: bool): usize {
  const np = padded(n);
  const row = leadingBytes(np);
  const coefficients = alignUp(<usize>panel << 3);
  t.n = n;
  t.padded = np;
  t.panel = panel;
  t.rows = reflectors ? np : panel;
  t.lda = row;
  t.ldw = row;
  t.a = changetype<usize>(t) + FIELDS;
  t.d = t.a + <usize>t.rows * row;
  t.e = t.d + row;
  t.tau = t.e + row;
  t.v = t.tau + row;
  t.w = t.v + row;
  t.c0 = t.w + <usize>panel * row;
  t.c1 = t.c0 + coefficients;
  t.packed = t.c1 + coefficients;
  t.tiles = alignUp(t.packed + dsyr2kBytes(np >> 2, panel));
  return t.tiles;
}

/** Address of the tiles of the last rows and columns, from `row` on, a multiple of four. */
export function trailing(t: Tridiagonal, row: i32): usize {
  return t.tiles + (tileIndex(t.padded >> 2, row >> 2, row >> 2) << 7);
}

/**
 * Reduces A to tridiagonal form by Householder reflections (LAPACK dsytrd, UPLO='U' of the row-major matrix),
 * a panel of rows at a time: half of the arithmetic is a matrix-vector product for each reflector, the other
 * half one update of rank 2·panel for each panel.
 */
export function dsytrd(t: Tridiagonal): void {
  for (let first = 0; first < t.n; first += t.panel) {
    const next = min(first + t.panel, t.n);
    const v = t.a + <usize>(first % t.rows) * t.lda;
    copyRows(t, first, next, v);
    dlatrd(t, first, next, v);
    if (next == t.n) return;
    const column = (<usize>next) << 3;
    dsyr2k((t.padded - next) >> 2, t.panel, v + column, t.lda, t.w + column, t.ldw, trailing(t, next), t.packed);
  }
}

/** Rows [first, to), each from its tile on the diagonal on. */
function copyRows(t: Tridiagonal, first: i32, to: i32, rows: usize): void {
  for (let p = first; p < to; p += 4, rows += 4 * t.lda) {
    tilesToRows((t.padded - p) >> 2, trailing(t, p), rows + (<usize>p << 3), t.lda);
  }
}
