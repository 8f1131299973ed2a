/** Numbers of any dimension, read where they lie. Strides and offset count elements. */
export interface TensorView {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Strides of a row-major array without gaps. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** Number of elements of a shape; 1 for a scalar's. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** The same numbers, row-major and without gaps; the view itself where it is so already. */
export function contiguous(view: TensorView): TensorView {
  const strides = rowMajorStrides(view.shape);
  if (strides.every((stride, axis) => stride === view.strides[axis] || view.shape[axis] === 1)) {
    return { ...view, strides };
  }
  const data = new (view.data instanceof Float32Array ? Float32Array : Float64Array)(sizeOf(view.shape));
  let next = 0;
  const copy = (axis: number, from: number): void => {
    const stride = view.strides[axis]!;
    const length = view.shape[axis]!;
    if (axis === view.shape.length - 1) {
      for (let i = 0; i < length; i++) data[next++] = view.data[from + i * stride]!;
    } else {
      for (let i = 0; i < length; i++) copy(axis + 1, from + i * stride);
    }
  };
  copy(0, view.offset);
  return { data, shape: view.shape, strides, offset: 0 };
}
