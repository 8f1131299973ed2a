import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type NpyArray, parseNpy } from "./npy.js";

/** Absolute path of a fixture, by its path inside `fixtures/`. */
export function fixturePath(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** An array among the fixtures. */
export function readNpy(path: string): NpyArray {
  return parseNpy(readFileSync(fixturePath(path)));
}

/** A float array among the fixtures. */
export function readFloats(path: string): NpyArray & { readonly data: Float32Array | Float64Array } {
  const { data, ...rest } = readNpy(path);
  if (data instanceof Float32Array || data instanceof Float64Array) return { ...rest, data };
  throw new RangeError(`readFloats: ${path} must hold floats, got ${rest.dtype}`);
}

/** A JSON file among the fixtures, with "NaN", "Infinity" and "-Infinity" as numbers. */
export function readCase<T>(path: string): T {
  return JSON.parse(readFileSync(fixturePath(path), "utf8"), (_, value) =>
    value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value,
  );
}

/** What stands in the place of a result where Delve raised. */
export interface GoldenFailure {
  readonly error: { readonly type: string; readonly message: string };
}

/** Whether Delve raised instead of giving a result. */
export function isFailure(result: unknown): result is GoldenFailure {
  return typeof result === "object" && result !== null && "error" in result;
}

/** A covariance matrix and all that Delve derives from it. */
export interface MetricsCase {
  readonly id: string;
  readonly notes: string;
  /** Order of the matrix. */
  readonly features: number;
  /** Row-major. Not always symmetric: Delve's eigenvalues come from the upper triangle. */
  readonly covariance: Float64Array;
  /** No NaN, no infinity. */
  readonly finite: boolean;
  /** `det`. */
  readonly determinant: number;
  /** `trc`. */
  readonly trace: number;
  /** `dtrc`: sum of the eigenvalues, negative ones taken as 0. */
  readonly diagonalTrace: number | GoldenFailure;
  /** Ascending. */
  readonly eigenvalues: Float64Array | GoldenFailure;
  readonly thresholds: readonly (MetricsThreshold | (GoldenFailure & { readonly thresh: number }))[];
}

/** What Delve counts at one threshold. */
export interface MetricsThreshold {
  readonly thresh: number;
  readonly idim: number;
  readonly lsat: number;
  /** What the PCA layers count. */
  readonly idim_pca_rule: number;
  /** Distance of the nearest cumulative share from the threshold; null for a matrix without variance. */
  readonly margin: number | null;
}

/** All cases of `metrics`. */
export function metricsCases(): MetricsCase[] {
  interface Stored {
    id: string;
    notes: string;
    d: number;
    cov: number[][] | string;
    det: number;
    trc: number;
    dtrc: number | GoldenFailure;
    torch_eigh_U: number[] | GoldenFailure;
    thresholds: MetricsCase["thresholds"];
  }
  return readCase<{ cases: Stored[] }>("metrics/metrics.json").cases.map((stored) => {
    const covariance = matrixOf(stored.cov, "metrics");
    const eigenvalues = stored.torch_eigh_U;
    return {
      id: stored.id,
      notes: stored.notes,
      features: stored.d,
      covariance,
      finite: covariance.every(Number.isFinite),
      determinant: stored.det,
      trace: stored.trc,
      diagonalTrace: stored.dtrc,
      eigenvalues: isFailure(eigenvalues) ? eigenvalues : Float64Array.from(eigenvalues),
      thresholds: stored.thresholds,
    };
  });
}

/** Batches that Delve's covariance accumulator was given, and what it returned. */
export interface CovmatrixCase {
  readonly id: string;
  /** Delve's mode for variational autoencoders, which takes features for samples. */
  readonly vae: boolean;
  readonly center: boolean;
  /** Each a matrix of samples, row-major. */
  readonly batches: readonly (NpyArray & { readonly data: Float32Array | Float64Array })[];
  /** Samples as Delve counts them; null where it raised. */
  readonly count: number | null;
  /** Row-major. */
  readonly covariance: Float64Array | GoldenFailure;
}

/** All cases of `covmatrix`. */
export function covmatrixCases(): CovmatrixCase[] {
  interface Stored {
    id: string;
    vae: boolean;
    center: boolean;
    batches: string[];
    n?: number;
    cov?: number[][];
    error?: GoldenFailure["error"];
  }
  return readCase<{ cases: Stored[] }>("covmatrix/covmatrix.json").cases.map((stored) => ({
    id: stored.id,
    vae: stored.vae,
    center: stored.center,
    batches: stored.batches.map((name) => readFloats(`covmatrix/${name}`)),
    count: stored.n ?? null,
    covariance: stored.error ? { error: stored.error } : matrixOf(stored.cov!, "covmatrix"),
  }));
}

/** A matrix as cases hold it: nested lists, or the name of a file in the same folder. */
function matrixOf(matrix: number[][] | string, folder: string): Float64Array {
  if (typeof matrix === "string") return Float64Array.from(readFloats(`${folder}/${matrix}`).data);
  return Float64Array.from(matrix.flat());
}
