/**
 * Qᵀ of the reduction by `dsytrd`, n × n and row-major (LAPACK dorgtr, transposed: the rows of Qᵀ are contiguous,
 * and every later step works on rows).
 *
 * Qᵀ = H₁ H₂ ⋯ Hₙ₋₁, formed from the left: before factor i the product differs from the identity in its leading
 * (i − 1) × (i − 1) block only.
 */
export function dorgtr(n: number, a: Float64Array, tau: Float64Array): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let i = 1; i < n; i++) {
    if (tau[i] === 0) continue;
    const v = a.subarray(i * n, i * n + i);
    for (let r = 0; r < i; r++) reflect(q.subarray(r * n, r * n + i), v, tau[i]!);
  }
  return q;
}

/** x ← x − τ (x·v) v. */
function reflect(x: Float64Array, v: Float64Array, tau: number): void {
  let projection = 0;
  for (let c = 0; c < v.length; c++) projection += x[c]! * v[c]!;
  projection *= tau;
  for (let c = 0; c < v.length; c++) x[c] = x[c]! - projection * v[c]!;
}
