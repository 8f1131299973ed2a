/**
 * How far results may be from the truth. Every bound scales with the precision ε of the backend (2^−52 for float64),
 * so that the same tests hold for a backend that works in float32.
 */

/** Room for an operation that rounds at the smallest numbers there are, where rounding is absolute. */
export const TINY: number = Number.MIN_VALUE;

/** The constant c of the bounds on decompositions. Observed worst: 1.9. */
const EIGEN_SLACK = 4;

/** The constant of the bound on covariances: 1e-13 for float64. */
const COVARIANCE_SLACK = 450;

/** |λ − λ_true|, and every element of A V − V Λ: c·n·(ε‖A‖ + TINY). The norm is the largest |λ|. */
export function eigenvalueBound(epsilon: number, order: number, norm: number): number {
  return EIGEN_SLACK * order * (epsilon * norm + TINY);
}

/** Every element of VᵀV − I: c·n·ε. */
export function orthogonalityBound(epsilon: number, order: number): number {
  return EIGEN_SLACK * order * epsilon;
}

/** |ΔC_ij| ≤ 1e-13·√(C_ii·C_jj) in float64. */
export function covarianceBound(epsilon: number, varianceI: number, varianceJ: number): number {
  return COVARIANCE_SLACK * epsilon * Math.sqrt(varianceI) * Math.sqrt(varianceJ) + 4 * TINY;
}

/** |Δλ| of an accumulated covariance: its own error, at most its order times the largest, and that of the solver. */
export function spectrumBound(epsilon: number, order: number, norm: number): number {
  return order * covarianceBound(epsilon, norm, norm) + eigenvalueBound(epsilon, order, norm);
}

/** |Δμ|: the rounding of the mean itself, and a share of the standard deviation. */
export function meanBound(epsilon: number, mean: number, variance: number): number {
  return 2 * epsilon * Math.abs(mean) + COVARIANCE_SLACK * epsilon * Math.sqrt(variance) + TINY;
}

/**
 * Agreement of a covariance with Python Delve's: 1e-14 of the largest element of E[x xᵀ], from which it subtracts
 * μμᵀ. More would ask for its own rounding errors.
 */
export function goldenCovarianceBound(epsilon: number, largestSecondMoment: number): number {
  return (1e-14 / Number.EPSILON) * epsilon * largestSecondMoment;
}
