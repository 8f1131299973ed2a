import { type ConformanceOptions, declareCases, type OpenBackend } from "./conformance-case.js";
import { goldenCases } from "./golden-cases.js";

/** Behaviour of Delve that this implementation does not have, by the name of its case. */
export const ABSENT_GOLDENS: Readonly<Record<string, string>> = {
  "covariance: vae_square": "Delve's vae mode takes features for samples: no covariance of features",
  "covariance: vae_one_row": "Delve's vae mode spreads one number over the whole matrix",
  "covariance: vae_rect": "Delve's vae mode raises for any batch that is not square",
};

/**
 * Agreement of a backend with Python Delve: its eigenvalues for every matrix of the fixture `metrics`, its covariance
 * for every case of `covmatrix`. Matrices with NaN or infinity, for which Delve reports NaN or fails to converge, must be refused.
 */
export function goldenConformance(name: string, open: OpenBackend, options: ConformanceOptions = {}): void {
  declareCases(`${name} beside Python Delve`, open, goldenCases(), {
    skip: { ...ABSENT_GOLDENS, ...options.skip },
  });
}
