import { SWEEPS } from "../blas/blocks";
import { madd } from "../blas/simd";

/**
 * Plane rotations, gathered sweep by sweep and applied to the rows of a matrix later, many sweeps at a time.
 *
 * A sweep runs through neighbouring rows, so applied at once it would stream the whole matrix for six
 * operations a value. Held back, the rotations of many sweeps go over eight columns at a time, copied next to
 * each other, which stay in cache for all of them.
 */
@unmanaged
export class Rotations {
  /** Order of the matrix: rows, and the most rotations a sweep can have is one less. */
  n: i32;
  sweeps: i32;
  /** The matrix, its leading dimension in bytes and its columns, a multiple of four. */
  z: usize;
  ldz: usize;
  columns: i32;
  /** First row, step (±1) and number of rotations of each sweep, as three i32. */
  list: usize;
  /** (c, s) of each rotation. */
  cs: usize;
  /** Where the next one goes. */
  next: usize;
  /** Eight columns of the matrix, next to each other. */
  strip: usize;
}

const FIELDS: usize = 64;
const LIST: usize = <usize>SWEEPS * 12 + 64;

/** Bytes of `Rotations` for a matrix of n rows, arrays included. */
export function rotationsBytes(n: f64): f64 {
  return <f64>FIELDS + <f64>LIST + n * (<f64>SWEEPS * 16 + 64);
}

/** Lays `Rotations` of a matrix out, none gathered. */
export function rotationsInit(r: Rotations, n: i32, z: usize, ldz: usize, columns: i32): void {
  r.n = n;
  r.sweeps = 0;
  r.z = z;
  r.ldz = ldz;
  r.columns = columns;
  r.list = changetype<usize>(r) + FIELDS;
  r.strip = r.list + LIST - (LIST & 63);
  r.cs = r.strip + (<usize>n << 6);
  r.next = r.cs;
}

/**
 * Begins a sweep of `count` rotations, the first between row `row` and row − step; gather them with
 * `addRotation`.
 */
export function beginSweep(r: Rotations, row: i32, step: i32, count: i32): void {
  if (r.sweeps == SWEEPS) dlasr(r);
  const entry = r.list + <usize>r.sweeps * 12;
  store<i32>(entry, row);
  store<i32>(entry, step, 4);
  store<i32>(entry, count, 8);
  ++r.sweeps;
}

@inline export function addRotation(r: Rotations, c: f64, s: f64): void {
  store<f64>(r.next, c);
  store<f64>(r.next, s, 8);
  r.next += 16;
}

/** Applies what has been gathered (LAPACK dlasr, SIDE='L', for each sweep). */
export function dlasr(r: Rotations): void {
  for (let column = 0; column < r.columns; column += 8) {
    const z = r.z + (<usize>column << 3);
    const width = min(8, r.columns - column);
    copyStrip(r.n, z, r.ldz, r.strip, 64, width);
    let cs = r.cs;
    for (let k = 0; k < r.sweeps; ++k) cs = applySweep(r.list + <usize>k * 12, r.strip, cs);
    copyStrip(r.n, r.strip, 64, z, r.ldz, width);
  }
  r.sweeps = 0;
  r.next = r.cs;
}

function applySweep(entry: usize, strip: usize, cs: usize): usize {
  const row = strip + (<usize>load<i32>(entry) << 6);
  const count = load<i32>(entry, 8);
  dlasr_simd_8(count, cs, row, <usize>load<i32>(entry, 4) << 6);
  return cs + (<usize>count << 4);
}

/**
 * One sweep over eight columns: rotation after rotation takes the row before, and hands its own new values on
 * in registers. A function of its own, so that V8 runs its optimised form from the second call on.
 */
export function dlasr_simd_8(count: i32, cs: usize, row: usize, step: usize): void {
  let h0 = v128.load(row), h1 = v128.load(row, 16), h2 = v128.load(row, 32), h3 = v128.load(row, 48);
  const end = cs + (<usize>count << 4);
  for (; cs < end; cs += 16) {
    const c = v128.load64_splat(cs), s = v128.load64_splat(cs, 8);
    const to = row;
    row -= step;
    const z0 = v128.load(row);
    v128.store(to, madd(s, z0, f64x2.mul(c, h0)));
    h0 = f64x2.sub(f64x2.mul(c, z0), f64x2.mul(s, h0));
    const z1 = v128.load(row, 16);
    v128.store(to, madd(s, z1, f64x2.mul(c, h1)), 16);
    h1 = f64x2.sub(f64x2.mul(c, z1), f64x2.mul(s, h1));
    const z2 = v128.load(row, 32);
    v128.store(to, madd(s, z2, f64x2.mul(c, h2)), 32);
    h2 = f64x2.sub(f64x2.mul(c, z2), f64x2.mul(s, h2));
    const z3 = v128.load(row, 48);
    v128.store(to, madd(s, z3, f64x2.mul(c, h3)), 48);
    h3 = f64x2.sub(f64x2.mul(c, z3), f64x2.mul(s, h3));
  }
  v128.store(row, h0);
  v128.store(row, h1, 16);
  v128.store(row, h2, 32);
  v128.store(row, h3, 48);
}

/** Copies `width` columns, four or eight, of n rows. */
function copyStrip(n: i32, from: usize, ldf: usize, to: usize, ldt: usize, width: i32): void {
  for (; n > 0; --n, from += ldf, to += ldt) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    if (width < 8) continue;
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}
