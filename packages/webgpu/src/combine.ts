import { type MomentsState, packedLength } from "@delve/kernel";
import { type Geometry, TILE } from "./geometry.js";
import type { Grid } from "./grid.js";

/** The moments of a pass, and how far its covariance may be from the true one. */
export interface PassResult {
  readonly state: MomentsState;
  readonly bound: number;
  /** What the device has to tell of rows that lay there. */
  readonly tally?: Uint32Array;
}

/** Sums over the rows of a pass. */
export interface Sums {
  /** ΣX_i of each column, in units of its grid. */
  readonly columns: Float64Array;
  /** ΣX_i·X_j for i ≤ j, in units of 4^`unit` of the grids'. */
  product(i: number, j: number): number;
  readonly unit: number;
}

/** Moments from sums. As the base of a grid is next to the mean, taking off its square cancels nothing. */
export function combine({ columns, product, unit }: Sums, grid: Grid, geometry: Geometry): MomentsState {
  const { rows, features } = geometry;
  const scatter = new Float64Array(packedLength(features));
  // A power of two that every column's own sums survive.
  const scale = Float64Array.from(grid.exponent, (exponent) => 2 ** (exponent + unit));
  const share = columns.map((sum) => sum / (rows * 4 ** unit));
  for (let i = 0, p = 0; i < features; i++) {
    for (let j = i; j < features; j++, p++) {
      scatter[p] = (product(i, j) - share[i]! * columns[j]!) * scale[i]! * scale[j]!;
    }
  }
  const offset = columns.map((sum, f) => (sum / rows) * 2 ** grid.exponent[f]!);
  return { features, count: rows, shift: grid.base, offset, scatter };
}

/** Index of an element among those of all tiles, tile after tile, and within them by `plane`, row and column. */
export function elementIndex(i: number, j: number, planes: number, plane: number): number {
  const [tileRow, tileColumn] = [Math.floor(i / TILE), Math.floor(j / TILE)];
  const slot = (tileColumn * (tileColumn + 1)) / 2 + tileRow;
  return ((slot * planes + plane) * TILE + (i % TILE)) * TILE + (j % TILE);
}
