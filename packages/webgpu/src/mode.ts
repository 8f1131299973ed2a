import type { PassResult } from "./combine.js";
import type { Geometry } from "./geometry.js";
import type { Grid } from "./grid.js";

/**
 * How covariances are computed: "exact" to float64's precision, with the same bits on every device; "fast" to float32's,
 * for less work.
 */
export type Mode = "exact" | "fast";

/** What is known of the columns of a pass, beside the sums of products. */
export interface Columns {
  readonly grid: Grid;
  /** ΣX of each, in units of its grid; `null` where a column of ones is among the operands. */
  readonly sums: Float64Array | null;
}

/** float64 samples as the products take them. */
export interface CutSamples extends Columns {
  readonly operands: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** What a pass does in one mode and not in the other. */
export interface PassMode {
  readonly name: Mode;
  /** Machine epsilon of a backend, which the bounds of tests grow with. */
  readonly epsilon: number;
  /** Rows that a workgroup of the kernel `operands` makes operands of. */
  readonly operandRows: number;
  /** Whether that kernel adds up the columns, too, `SUM_WORDS` each. */
  readonly addsColumns: boolean;
  /** Groups of rows that products are summed over at a time: no part of the rows has a fraction of it. */
  readonly step: number;
  /** 32-bit words of the sum of an element on the device. */
  readonly sumWords: number;
  /** 32-bit words as they are read back; fewer where the kernel `join` puts them together. */
  readonly resultWords: number;
  geometryOf(rows: number, features: number): Geometry;
  /** Makes operands of float64 samples, which a GPU cannot read. Row-major, contiguous and finite. */
  cut(values: Float64Array, geometry: Geometry): CutSamples;
  /** Moments from what has been read back, tile after tile of the upper triangle in the order of tile columns. */
  combine(results: Uint32Array, columns: Columns, geometry: Geometry): PassResult;
}
