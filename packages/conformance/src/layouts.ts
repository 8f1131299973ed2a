import type { SampleMatrix } from "@delve/kernel";
import type { DenseSamples } from "./samples.js";

/** One way in which samples can lie in memory. */
export interface Layout {
  readonly name: string;
  /** The same samples in this layout. Memory that belongs to no sample holds NaN, so that a stray read shows. */
  of(samples: DenseSamples, single: boolean): SampleMatrix;
}

/** Where the parts of a view lie, all but its data. */
type Strides = Omit<SampleMatrix, "data" | "rows" | "features">;

/** Layouts that every backend reads in place. */
export const LAYOUTS: readonly Layout[] = [
  layout("row-major (a matrix, NHWC)", ({ features }) => ({ rowStride: features, featureStride: 1 })),
  layout("column-major", ({ rows }) => ({ rowStride: 1, featureStride: rows })),
  layout("with an offset", ({ features }) => ({ offset: 13, rowStride: features, featureStride: 1 })),
  layout("rows with gaps", ({ features }) => ({ rowStride: features + 3, featureStride: 1 })),
  layout("features with gaps", ({ features }) => ({ rowStride: 3 * features + 1, featureStride: 3 })),
  layout("rows in reverse", ({ rows, features }) => ({
    offset: (rows - 1) * features,
    rowStride: -features,
    featureStride: 1,
  })),
  layout("NCHW, one position an image", blocks(1)),
  layout("NCHW, five positions an image, the last image cut", blocks(5)),
  layout("NCHW, more positions than rows", ({ rows, features }) => blocks(rows + 7)({ rows, features })),
  layout("row-major blocks with gaps, with an offset", ({ features }) => ({
    offset: 5,
    rowStride: features,
    featureStride: 1,
    blockRows: 4,
    blockStride: 4 * features + 9,
  })),
];

/** Images one after another, each feature a plane of `positions` values. */
function blocks(positions: number): (size: { rows: number; features: number }) => Strides {
  return ({ features }) => ({
    rowStride: 1,
    featureStride: positions,
    blockRows: positions,
    blockStride: positions * features,
  });
}

function layout(name: string, strides: (size: DenseSamples) => Strides): Layout {
  return {
    name,
    of(samples, single) {
      const { rows, features } = samples;
      const view = { ...strides(samples), rows, features };
      const indices = Array.from({ length: rows * features }, (_, at) =>
        elementIndex(view, Math.floor(at / features), at % features),
      );
      const length = indices.reduce((a, b) => Math.max(a, b), -1) + 1;
      const data = (single ? new Float32Array(length) : new Float64Array(length)).fill(Number.NaN);
      indices.forEach((index, at) => {
        data[index] = samples.data[at]!;
      });
      return { ...view, data };
    },
  };
}

/** Index of element (row, feature), as `SampleMatrix` defines it. */
function elementIndex(view: Omit<SampleMatrix, "data">, row: number, feature: number): number {
  const { offset = 0, blockRows = Number.POSITIVE_INFINITY, blockStride = 0 } = view;
  const block = Math.floor(row / blockRows);
  const inBlock = block === 0 ? row : row - block * blockRows;
  return offset + block * blockStride + inBlock * view.rowStride + feature * view.featureStride;
}
