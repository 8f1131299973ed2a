import { hsum, madd } from "./simd";

/**
 * y ← A·x for rows and columns [from, to) of a symmetric matrix, its upper triangle row by row (BLAS dsymv,
 * UPLO='U'). `from` and `to` are multiples of four; y is overwritten there.
 *
 * A is read once: four rows at a time give their part of A·x and, as columns, of Aᵀ·x, so that y is loaded
 * and stored once for eight products.
 */
export function dsymv(from: i32, to: i32, a: usize, lda: usize, x: usize, y: usize): void {
  assert(((from | to) & 3) == 0);
  memory.fill(y + ((<usize>from) << 3), 0, (<usize>(to - from)) << 3);
  const end = (<usize>to) << 3;
  for (let i = from; i < to; i += 4) {
    const row = a + <usize>i * lda;
    corner(row, lda, (<usize>i) << 3, x, y);
    dsymv_simd_4(row, lda, (<usize>i) << 3, end, x, y);
  }
}

/** The 4 × 4 block on the diagonal, of which only the upper triangle may be read. */
function corner(row: usize, lda: usize, column: usize, x: usize, y: usize): void {
  for (let i: usize = column; i < column + 32; i += 8, row += lda) {
    const xi = load<f64>(x + i);
    let sum = load<f64>(row + i) * xi;
    for (let j = i + 8; j < column + 32; j += 8) {
      const aij = load<f64>(row + j);
      sum += aij * load<f64>(x + j);
      store<f64>(y + j, load<f64>(y + j) + aij * xi);
    }
    store<f64>(y + i, load<f64>(y + i) + sum);
  }
}

/**
 * What lies to the right of that block, once as rows and once as columns.
 *
 * Pointers that move on, rather than one offset: V8 would add it to the address of every row at every step. Two
 * steps with an exit between them, since V8 12 gathers the loads of a basic block at its front, and those of two
 * steps do not fit its registers.
 */
export function dsymv_simd_4(row0: usize, lda: usize, column: usize, end: usize, x: usize, y: usize): void {
  const at = x + column;
  const x0 = v128.load64_splat(at),
    x1 = v128.load64_splat(at, 8);
  const x2 = v128.load64_splat(at, 16),
    x3 = v128.load64_splat(at, 24);
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  let p0 = row0 + column + 32,
    p1 = p0 + lda,
    p2 = p1 + lda,
    p3 = p2 + lda;
  let px = at + 32,
    py = y + column + 32;
  const last = row0 + end;
  while (p0 < last) {
    let xj = v128.load(px);
    let a0 = v128.load(p0),
      a1 = v128.load(p1),
      a2 = v128.load(p2),
      a3 = v128.load(p3);
    s0 = madd(a0, xj, s0);
    s1 = madd(a1, xj, s1);
    s2 = madd(a2, xj, s2);
    s3 = madd(a3, xj, s3);
    v128.store(py, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, v128.load(py))))));
    if (p0 == last - 16) break;
    xj = v128.load(px, 16);
    a0 = v128.load(p0, 16);
    a1 = v128.load(p1, 16);
    a2 = v128.load(p2, 16);
    a3 = v128.load(p3, 16);
    s0 = madd(a0, xj, s0);
    s1 = madd(a1, xj, s1);
    s2 = madd(a2, xj, s2);
    s3 = madd(a3, xj, s3);
    v128.store(py, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, v128.load(py, 16))))), 16);
    p0 += 32;
    p1 += 32;
    p2 += 32;
    p3 += 32;
    px += 32;
    py += 32;
  }
  const out = y + column;
  store<f64>(out, load<f64>(out) + hsum(s0));
  store<f64>(out, load<f64>(out, 8) + hsum(s1), 8);
  store<f64>(out, load<f64>(out, 16) + hsum(s2), 16);
  store<f64>(out, load<f64>(out, 24) + hsum(s3), 24);
}
