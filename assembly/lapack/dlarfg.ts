import { ddot, dscaxpy } from "../blas/vectors";
import { TINY } from "./constants";

/** β of the last reflector, all that Wasm can return besides tau. */
let beta: f64 = 0;

/** The value that the last call of `dlarfg` left in place of the vector's first element. */
@inline export function lastBeta(): f64 {
  return beta;
}

/**
 * A reflector H = I − tau·v·vᵀ, v₀ = 1, with H·x = (β, 0, …, 0)ᵀ (LAPACK dlarfg); returns tau.
 *
 * x starts at element `from` of a row that is padded to a multiple of four; what lies before it is not
 * touched. v takes its place, the 1 included, and is copied to `copy` with zeros up to the multiple of four
 * before it.
 */
export function dlarfg(row: usize, from: i32, to: i32, copy: usize): f64 {
  const aligned = <usize>(from & ~3) << 3;
  const bytes = (<usize>to << 3) - aligned;
  const first = <usize>from << 3;
  const alpha = load<f64>(row + first);
  memory.copy(copy + aligned, row + aligned, bytes);
  for (let i = aligned; i <= first; i += 8) store<f64>(copy + i, 0);
  const rest = ddot(bytes, copy + aligned, copy + aligned);
  let tau: f64 = 0;
  let scale: f64 = 0;
  beta = alpha;
  if (rest > TINY) {
    beta = -copysign<f64>(sqrt(alpha * alpha + rest), alpha);
    tau = (beta - alpha) / beta;
    scale = 1 / (alpha - beta);
  }
  dscaxpy(bytes, scale, 0, copy + aligned, copy + aligned);
  store<f64>(copy + first, 1);
  memory.copy(row + first, copy + first, (<usize>to << 3) - first);
  return tau;
}
