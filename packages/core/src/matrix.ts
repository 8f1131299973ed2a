/**
 * A dense float64 matrix, row-major. It is itself an input wherever a matrix is taken.
 *
 * @example
 * const a = new Matrix(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * a.at(1, 0); // 4
 * a.toArray(); // [[1, 2, 3], [4, 5, 6]]
 */
export class Matrix {
  readonly data: Float64Array;
  readonly shape: readonly [rows: number, columns: number];

  constructor(data: Float64Array, shape: readonly [rows: number, columns: number]) {
    this.data = data;
    this.shape = shape;
  }

  /** The element in that row and column, counted from 0; `undefined` outside. */
  at(row: number, column: number): number | undefined {
    const [rows, columns] = this.shape;
    const inside = row >= 0 && row < rows && column >= 0 && column < columns;
    return inside ? this.data[row * columns + column] : undefined;
  }

  /** A copy as rows of numbers. */
  toArray(): number[][] {
    const [rows, columns] = this.shape;
    return Array.from({ length: rows }, (_, row) =>
      Array.from(this.data.subarray(row * columns, (row + 1) * columns)),
    );
  }
}
