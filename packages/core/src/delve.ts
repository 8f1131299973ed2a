import {
  type CovarianceOptions,
  covariance,
  type MomentsState,
  type SymmetricMatrix,
  type SyncBackend,
  unpackUpper,
} from "@delve/kernel";
import {
  type IdimRule,
  intrinsicDimensionality,
  principalProjection,
  saturation,
  spectrumOf,
} from "@delve/stats/statistics";
import { momentsOf } from "./accumulate.js";
import { asSamples, asSymmetric, type Uplo } from "./input/as-samples.js";
import type { MatrixInput } from "./input/matrix-input.js";
import { Matrix } from "./matrix.js";
import { checkChoice, checkOptions } from "./options.js";
import { type PcaOptions, PrincipalSubspace } from "./subspace.js";

/** What counts as a direction that is used. */
export interface SaturationOptions {
  /** Share of the variance that the directions carry together, in (0, 1]; 0.99 when left out. */
  readonly threshold?: number | undefined;
  /** `documented` when left out; `delve` counts as Delve 0.1.50 does, mostly one less. */
  readonly idimRule?: IdimRule | undefined;
}

/** Which triangle of a symmetric matrix is read. */
export interface EighOptions {
  /** `U` or `L`, the other triangle being ignored. When left out, both must agree up to rounding. */
  readonly uplo?: Uplo | undefined;
}

/** Eigenvalues, ascending, and unit eigenvectors: column k of `vectors` belongs to `values[k]`. Their signs are free. */
export interface EighResult {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/**
 * The functions on one matrix, answering at once. `loadDelve` makes one; each function of the same name that the
 * package exports is the same behind an `await`.
 *
 * @example
 * const delve = await loadDelve();
 * delve.saturation([[0, 1], [2, 1], [4, 1]]); // 0.5: the second feature never changes
 */
export class Delve {
  readonly backend: SyncBackend;

  constructor(backend: SyncBackend) {
    this.backend = backend;
  }

  /** See the exported `covariance`. */
  covariance(x: MatrixInput, options: CovarianceOptions = {}): Matrix {
    checkOptions("covariance", options, ["center", "ddof"]);
    return covarianceOf(momentsOf("covariance", this.backend, asSamples("covariance", x)), options);
  }

  /** See the exported `spectrum`. */
  spectrum(x: MatrixInput): Float64Array {
    return this.#spectrum("spectrum", x);
  }

  /** See the exported `saturation`. */
  saturation(x: MatrixInput, options: SaturationOptions = {}): number {
    checkSaturationOptions("saturation", options);
    return saturation(this.#spectrum("saturation", x), options.threshold, options.idimRule);
  }

  /** See the exported `intrinsicDimensionality`. */
  intrinsicDimensionality(x: MatrixInput, options: SaturationOptions = {}): number {
    const caller = "intrinsicDimensionality";
    checkSaturationOptions(caller, options);
    return intrinsicDimensionality(this.#spectrum(caller, x), options.threshold, options.idimRule);
  }

  /** See the exported `pca`. */
  pca(x: MatrixInput, options: PcaOptions = {}): PrincipalSubspace {
    checkOptions("pca", options, ["threshold", "rank", "center"]);
    const { threshold, rank, center = true } = options;
    if (threshold !== undefined && rank !== undefined) {
      throw new RangeError("pca: threshold and rank exclude each other, got both");
    }
    const state = momentsOf("pca", this.backend, asSamples("pca", x));
    const spectrum = spectrumOf(state, this.backend, { vectors: true, center });
    return new PrincipalSubspace(principalProjection(state, spectrum, { threshold, rank, affine: center }));
  }

  /** See the exported `eigh`. */
  eigh(a: MatrixInput, options: EighOptions = {}): EighResult {
    const matrix = symmetric("eigh", a, options);
    const { values, vectors } = this.backend.eigh(matrix);
    return { values, vectors: new Matrix(vectors, [matrix.order, matrix.order]) };
  }

  /** See the exported `eigvalsh`. */
  eigvalsh(a: MatrixInput, options: EighOptions = {}): Float64Array {
    return this.backend.eigvalsh(symmetric("eigvalsh", a, options));
  }

  #spectrum(caller: string, x: MatrixInput): Float64Array {
    return spectrumOf(momentsOf(caller, this.backend, asSamples(caller, x)), this.backend).clipped;
  }
}

/** Refuses options that `SaturationOptions` does not have. The threshold is checked where it is used. */
export function checkSaturationOptions(caller: string, options: SaturationOptions): void {
  checkOptions(caller, options, ["threshold", "idimRule"]);
  checkChoice(caller, "idimRule", options.idimRule, ["documented", "delve"]);
}

/** The covariance of accumulated samples as a full matrix. */
export function covarianceOf(state: MomentsState, options: CovarianceOptions): Matrix {
  return new Matrix(unpackUpper(covariance(state, options)), [state.features, state.features]);
}

function symmetric(caller: string, a: MatrixInput, options: EighOptions): SymmetricMatrix {
  checkOptions(caller, options, ["uplo"]);
  checkChoice(caller, "uplo", options.uplo, ["U", "L"]);
  return asSymmetric(caller, a, options.uplo);
}
