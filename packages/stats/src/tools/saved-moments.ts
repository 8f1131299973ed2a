import { type Backend, type MomentsState, packedLength, packUpper, ShapeError } from "@delve/kernel";
import { type Spectrum, spectrumOf, spectrumOfValues } from "../spectrum.js";
import type { Storage } from "../storage/storage.js";
import { decodeNpy } from "../writers/npy.js";
import type { NpyColumn } from "../writers/npy-tree.js";

/** Columns of a tree that statistics of a layer can be computed from. */
export interface MomentsColumns {
  /** Eigenvalues (`spectrum`). */
  readonly spectrum: NpyColumn | null;
  /** Covariance matrices (`cov`). */
  readonly covariance: NpyColumn | null;
}

/** What a tree tells of the samples of a layer at one save. */
export interface SavedMoments {
  readonly spectrum: Spectrum;
  /** As if of one sample at the origin: of moments, trees hold the covariance alone. Of a saved spectrum, it is in its own axes. */
  readonly state: MomentsState;
}

/**
 * Reads what statistics of a layer are computed from: the spectrum where there is one, a few kB, else the
 * covariance matrix.
 *
 * @param backend - Decomposes covariance matrices; `null` if there are none.
 * @returns `null` if the save has neither.
 * @throws {Error} If a file is not what it should be, or its matrix holds NaN or infinity; the message names it.
 */
export async function readMoments(
  { spectrum, covariance }: MomentsColumns,
  epoch: number,
  storage: Storage,
  backend: Backend | null,
): Promise<SavedMoments | null> {
  const isSpectrum = spectrum?.files.has(epoch) ?? false;
  const path = (isSpectrum ? spectrum : covariance)?.files.get(epoch);
  const bytes = path === undefined ? null : await storage.read(path);
  if (bytes === null) return null;
  try {
    const values = floatsOf(bytes);
    return isSpectrum ? momentsOfValues(values) : await momentsOfCovariance(values, backend!);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`"${path}" cannot be used: ${reason}`, { cause: error });
  }
}

async function momentsOfCovariance(values: Float64Array, backend: Backend): Promise<SavedMoments> {
  const { order, upper } = packUpper(values, Math.sqrt(values.length));
  const state = oneSample(upper, order);
  return { state, spectrum: await spectrumOf(state, backend) };
}

function floatsOf(bytes: Uint8Array): Float64Array {
  const { dtype, data } = decodeNpy(bytes);
  if (dtype !== "<f8" || data.length === 0) {
    throw new ShapeError(`reconstructCsv: must hold float64 numbers, got ${data.length} of ${dtype}`);
  }
  const bad = data.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`reconstructCsv: must hold finite numbers, got ${bad}`);
  return data;
}

function momentsOfValues(values: Float64Array): SavedMoments {
  return {
    spectrum: spectrumOfValues(values),
    get state() {
      const order = values.length;
      const upper = new Float64Array(packedLength(order));
      for (let i = 0, p = 0; i < order; p += order - i, i++) upper[p] = values[i]!;
      return oneSample(upper, order);
    },
  };
}

function oneSample(scatter: Float64Array, features: number): MomentsState {
  return {
    features,
    count: 1,
    shift: new Float64Array(features),
    offset: new Float64Array(features),
    scatter,
  };
}
