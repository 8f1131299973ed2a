/**
 * A batch of samples as a strided view: `rows` samples of `features` values each, read where they lie.
 *
 * Rows come in blocks of `blockRows`; element (r, f) is
 * `data[offset + ⌊r / blockRows⌋·blockStride + (r mod blockRows)·rowStride + f·featureStride]`.
 *
 * | layout | rows | rowStride | featureStride | blockRows | blockStride |
 * |---|---|---|---|---|---|
 * | matrix n × d, row-major | n | d | 1 | – | – |
 * | matrix n × d, column-major | n | 1 | n | – | – |
 * | NHWC, a position a sample | N·H·W | C | 1 | – | – |
 * | NCHW, a position a sample | N·H·W | 1 | H·W | H·W | C·H·W |
 *
 * `rows` need not be a multiple of `blockRows`: a view may be cut anywhere.
 */
export interface SampleMatrix {
  readonly data: Float32Array | Float64Array;
  /** Index of element (0, 0); 0 when left out. */
  readonly offset?: number;
  readonly rows: number;
  readonly features: number;
  readonly rowStride: number;
  readonly featureStride: number;
  /** Rows in a block; all of them when left out. */
  readonly blockRows?: number;
  /** Distance between blocks; needed with `blockRows`. */
  readonly blockStride?: number;
}
