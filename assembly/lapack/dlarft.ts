import { dgemv_n } from "../blas/vectors";

/**
 * The upper triangular factor of a product of reflectors, H₀H₁⋯Hₖ₋₁ = I − Vᵀ·T·V, reflectors being the rows
 * of V (LAPACK dlarft, DIRECT='F', STOREV='R'). T is k × k, row by row, `ldt` bytes apart; `dots` takes k
 * values.
 *
 * Column q: T₍₀…q₋₁,q₎ = −tau_q·T·(V·v_q).
 */
export function dlarft(
  k: i32,
  bytes: usize,
  v: usize,
  ldv: usize,
  tau: usize,
  t: usize,
  ldt: usize,
  dots: usize,
  
): void {
  for (let q = 0; q < k; ++q) {
    const tauq = load<f64>(tau + ((<usize>q) << 3));
    const column = t + ((<usize>q) << 3);
    dgemv_n(q, bytes, v, ldv, v + <usize>q * ldv, dots);
    for (let i = 0; i < q; ++i) {
      let sum: f64 = 0;
      const row = t + <usize>i * ldt;
      for (let j = i; j < q; ++j)
        sum += load<f64>(row + ((<usize>j) << 3)) * load<f64>(dots + ((<usize>j) << 3));
      store<f64>(column + <usize>i * ldt, -tauq * sum);
    }
    for (let i = q; i < k; ++i) store<f64>(column + <usize>i * ldt, i == q ? tauq : 0);
  }
}
