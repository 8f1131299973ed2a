import type { Statistic } from "./statistic.js";

/**
 * Generalised variance: the product of the eigenvalues of the covariance matrix.
 *
 * Of many features it is mostly 0 or Infinity, because float64 ends at 1e±308; `covarianceLogDeterminant` goes on.
 * It overflows or underflows only if the result itself does.
 *
 * @param eigenvalues - In any order.
 * @example
 * covarianceDeterminant([1e200, 1e200, 1e-200, 1e-200]); // ≈ 1.000000
 */
export function covarianceDeterminant(eigenvalues: ArrayLike<number>): number {
  const factors = Float64Array.from(eigenvalues).sort((a, b) => Math.abs(a) - Math.abs(b));
  let product = 1;
  // Small factors while the product is large, and the other way round, keep it in range.
  for (let low = 0, high = factors.length - 1; low <= high; ) {
    product *= Math.abs(product) < 1 ? factors[high--]! : factors[low++]!;
  }
  return product;
}

/**
 * Natural logarithm of the generalised variance; −Infinity if an eigenvalue is 0 or, by rounding, below.
 *
 * @param eigenvalues - In any order.
 * @example
 * covarianceLogDeterminant(new Float64Array(512).fill(1e-3)); // -3536.77…
 */
export function covarianceLogDeterminant(eigenvalues: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < eigenvalues.length; k++) sum += Math.log(Math.max(eigenvalues[k]!, 0));
  return sum;
}

export const det: Statistic = {
  key: "det",
  label: "covariance-determinant",
  needs: ["values"],
  compute: ({ spectrum }) => covarianceDeterminant(spectrum.values),
};

export const logdet: Statistic = {
  key: "logdet",
  label: "covariance-log-determinant",
  needs: ["values"],
  compute: ({ spectrum }) => covarianceLogDeterminant(spectrum.values),
};
