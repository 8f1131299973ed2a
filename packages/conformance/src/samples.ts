import type { SampleMatrix } from "@delve/kernel";

/** Samples as tests keep them: row-major, contiguous, float64. */
export interface DenseSamples {
  readonly rows: number;
  readonly features: number;
  readonly data: Float64Array;
}

/** Samples whose element (r, f) is `value(r, f)`; with `single`, rounded to what a float32 can hold. */
export function denseSamples(
  rows: number,
  features: number,
  value: (row: number, feature: number) => number,
  single = false,
): DenseSamples {
  const data = Float64Array.from({ length: rows * features }, (_, at) =>
    value(Math.floor(at / features), at % features),
  );
  return { rows, features, data: single ? Float64Array.from(Float32Array.from(data)) : data };
}

/** The samples as a backend takes them, row-major; `single` hands them over as float32. */
export function sampleMatrix(samples: DenseSamples, single = false): SampleMatrix {
  const { rows, features } = samples;
  const data = single ? Float32Array.from(samples.data) : samples.data.slice();
  return { data, rows, features, rowStride: features, featureStride: 1 };
}

/** Rows `from` to `to` (not included). */
export function sliceRows(samples: DenseSamples, from: number, to: number): DenseSamples {
  const { features, data } = samples;
  return { rows: to - from, features, data: data.slice(from * features, to * features) };
}

/** Consecutive pieces of `size` rows; the last may be shorter. */
export function piecesOf(samples: DenseSamples, size: number): DenseSamples[] {
  const count = Math.ceil(samples.rows / size);
  return Array.from({ length: count }, (_, k) =>
    sliceRows(samples, k * size, Math.min(samples.rows, (k + 1) * size)),
  );
}
