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
export interface SampleMatrix<Data = Float32Array | Float64Array> {
  readonly data: Data;
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

/**
 * float32 values that lie in the memory of a GPU, where a framework has left them. WebGPU's own objects fit: `device`
 * is a GPUDevice, `buffer` one of its GPUBuffers. Strides and offsets of a `SampleMatrix` of it count values.
 */
export interface GpuValues {
  readonly device: object;
  readonly buffer: object;
  readonly byteOffset: number;
  /** Of the values; the buffer may be longer. */
  readonly byteLength: number;
}

/** Ways of making one number of many. */
export type PoolMethod = "mean" | "max" | "median";

/** Many values in the place of one: those at the index of the one, `stride` further, 2·`stride` further, … */
export interface Pool {
  readonly method: PoolMethod;
  /** How many. */
  readonly count: number;
  readonly stride: number;
}

/** A batch of samples in the memory of a GPU. */
export interface GpuSamples extends SampleMatrix<GpuValues> {
  /** Says that every element of the view is what becomes of many values. */
  readonly pool?: Pool;
}
