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

/** What lies to the right of that block, once as rows and once as columns. */
export function dsymv_simd_4(row0: usize, lda: usize, column: usize, end: usize, x: usize, y: usize): void {
  const row1 = row0 + lda,
    row2 = row1 + lda,
    row3 = row2 + lda;
  const at = x + column;
  const x0 = v128.load64_splat(at),
    x1 = v128.load64_splat(at, 8);
  const x2 = v128.load64_splat(at, 16),
    x3 = v128.load64_splat(at, 24);
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  for (let j = column + 32; j < end; j += 16) {
    const xj = v128.load(x + j);
    const a0 = v128.load(row0 + j);
    s0 = madd(a0, xj, s0);
    let yj = madd(a0, x0, v128.load(y + j));
    const a1 = v128.load(row1 + j);
    s1 = madd(a1, xj, s1);
    yj = madd(a1, x1, yj);
    const a2 = v128.load(row2 + j);
    s2 = madd(a2, xj, s2);
    yj = madd(a2, x2, yj);
    const a3 = v128.load(row3 + j);
    s3 = madd(a3, xj, s3);
    v128.store(y + j, madd(a3, x3, yj));
  }
  const out = y + column;
  store<f64>(out, load<f64>(out) + hsum(s0));
  store<f64>(out, load<f64>(out, 8) + hsum(s1), 8);
  store<f64>(out, load<f64>(out, 16) + hsum(s2), 16);
  store<f64>(out, load<f64>(out, 24) + hsum(s3), 24);
}
