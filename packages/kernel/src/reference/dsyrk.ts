/**
 * C ← AᵀA, upper triangle packed row by row (BLAS dsyrk with UPLO='U', TRANS='T', α = 1, β = 0, but for the packing).
 * A: k rows of n values, row-major, contiguous; k is a multiple of 4.
 *
 * Rows go in fours: the loop is bound by the traffic on C, and four rows do four times the arithmetic for each
 * load and store of it.
 */
export function dsyrk(n: number, k: number, a: Float64Array, c: Float64Array): void {
  c.fill(0);
  for (let row = 0; row < k; row += 4) {
    const r0 = a.subarray(row * n, (row + 1) * n);
    const r1 = a.subarray((row + 1) * n, (row + 2) * n);
    const r2 = a.subarray((row + 2) * n, (row + 3) * n);
    const r3 = a.subarray((row + 3) * n, (row + 4) * n);
    let p = 0;
    for (let i = 0; i < n; i++) {
      const [x0, x1, x2, x3] = [r0[i]!, r1[i]!, r2[i]!, r3[i]!];
      for (let j = i; j < n; j++, p++) {
        c[p] = c[p]! + (x0 * r0[j]! + x1 * r1[j]! + (x2 * r2[j]! + x3 * r3[j]!));
      }
    }
  }
}
