import { ShapeError } from "@delve/kernel";
import { copyNumbers, describe, isArray } from "./numbers.js";
import { rowMajorStrides, sizeOf, type TensorView } from "./tensor-view.js";

/** More levels than any tensor has; an array that contains itself ends here. */
const MAX_DIMENSIONS = 8;

/**
 * Copies arrays in arrays, of any depth, into one float64 array.
 *
 * @throws {ShapeError} If arrays of the same level differ in length.
 * @throws {TypeError} If a value is not a number.
 */
export function fromNested(caller: string, x: ArrayLike<unknown>): TensorView {
  const shape = shapeByFirst(caller, x);
  const rows: ArrayLike<unknown>[] = [];
  const collect = (level: unknown, axis: number): void => {
    if (!isArray(level) || level.length !== shape[axis]) {
      const got = isArray(level) ? level.length : describe(level);
      throw new ShapeError(
        `${caller}: every array of a level must hold ${shape[axis]} values like the first, ` +
          `got ${got} at x${path(rows.length, shape, axis)}`,
      );
    }
    if (axis === shape.length - 1) rows.push(level);
    else for (let i = 0; i < level.length; i++) collect(level[i], axis + 1);
  };
  collect(x, 0);
  const data = new Float64Array(sizeOf(shape));
  const length = shape.at(-1)!;
  rows.forEach((row, r) => {
    copyNumbers(caller, row, data, r * length, (i) => `at x${path(r, shape, shape.length - 1)}[${i}]`);
  });
  return { data, shape, strides: rowMajorStrides(shape), offset: 0 };
}

/** The lengths met on the way down the first elements. */
function shapeByFirst(caller: string, x: ArrayLike<unknown>): number[] {
  const shape: number[] = [];
  for (let level: unknown = x; isArray(level); level = level[0]) {
    if (shape.push(level.length) > MAX_DIMENSIONS) {
      throw new ShapeError(
        `${caller}: arrays must not be nested deeper than ${MAX_DIMENSIONS} levels, got more`,
      );
    }
  }
  return shape;
}

/** The first `depth` indices of the innermost array number `row`, as `[i][j]…`. */
function path(row: number, shape: readonly number[], depth: number): string {
  const indices: number[] = [];
  let rest = row;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    indices.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices
    .slice(0, depth)
    .map((i) => `[${i}]`)
    .join("");
}
