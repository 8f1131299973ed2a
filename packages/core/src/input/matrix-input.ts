/** Numbers in a row: a typed array of any kind, or a plain array. */
export type Numbers = ArrayLike<number> | ArrayLike<bigint>;

/** Arrays in arrays, one sample a row: `number[][]`, or an array of typed arrays. */
export type NestedRows = readonly ArrayLike<number>[];

/** Arrays in arrays, as deep as there are axes. */
export type NestedNumbers = readonly (ArrayLike<number> | NestedNumbers)[];

/**
 * Numbers and their shape, row-major unless strides say otherwise. Plain objects, ndarrays (`stride` or `strides`,
 * and `offset`, all counted in elements) and most tensors have this form.
 */
export interface ShapedData {
  readonly data: Numbers;
  readonly shape: ArrayLike<number>;
  readonly strides?: ArrayLike<number> | undefined;
  /** Another name for `strides`. */
  readonly stride?: ArrayLike<number> | undefined;
  /** Index of the first element; 0 when left out. */
  readonly offset?: number | undefined;
}

/** A tensor that reads itself out at once, as those of TensorFlow.js. Where the data lies on a GPU, that waits for it. */
export interface ReadableTensor {
  readonly shape: ArrayLike<number>;
  dataSync(): ArrayLike<unknown>;
}

/** A tensor with `dims`, as those of ONNX Runtime. Its data must lie in memory, not on a GPU. */
export interface DimsTensor {
  readonly data: ArrayLike<unknown>;
  readonly dims: ArrayLike<number>;
}

/**
 * Everything that counts as a matrix of samples: n rows of d values.
 *
 * Float32 and float64 arrays are read where they lie, strides included; other numbers are converted to float64 in
 * a copy. A typed array alone has no shape: hand over `{ data, shape: [n, d] }`.
 */
export type MatrixInput = NestedRows | ShapedData | ReadableTensor | DimsTensor;
