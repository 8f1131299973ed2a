/** Ways of bringing a feature map to another size. PyTorch's words (`torch.nn.functional.interpolate`). */
export const INTERPOLATION_STRATEGIES = ["nearest", "nearest-exact", "bilinear", "bicubic", "area"] as const;
export type InterpolationStrategy = (typeof INTERPOLATION_STRATEGIES)[number];

/**
 * A linear map along one axis: place o of the result is Σ weight[o·taps + t] · place index[o·taps + t] of the source,
 * t from 0 to taps − 1.
 */
export interface ResampleTable {
  readonly from: number;
  readonly to: number;
  readonly taps: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

const BUILDERS: Record<InterpolationStrategy, (from: number, to: number) => ResampleTable> = {
  nearest: (from, to) => nearestTable(from, to, 0),
  "nearest-exact": (from, to) => nearestTable(from, to, 0.5),
  bilinear: (from, to) => kernelTable(from, to, linearWeights),
  bicubic: (from, to) => kernelTable(from, to, cubicWeights),
  area: areaTable,
};

/**
 * The map that brings an axis of `from` places to `to` places, as PyTorch does with `align_corners=False` and
 * without antialiasing. A map of two axes is resampled one after the other.
 *
 * @example
 * resampleTable("nearest", 4, 2).index; // Int32Array [0, 2]
 * resampleTable("bilinear", 4, 2).weight; // Float64Array [0.5, 0.5, 0.5, 0.5]
 */
export function resampleTable(strategy: InterpolationStrategy, from: number, to: number): ResampleTable {
  return BUILDERS[strategy](from, to);
}

/**
 * PyTorch finds the place in float32 (of float64 data, only in some memory layouts). Where the exact product is a whole
 * number, its rounding decides which neighbour is taken, so the same rounding is done here, for data of any precision.
 */
function nearestTable(from: number, to: number, shift: number): ResampleTable {
  const scale = Math.fround(from / to);
  const index = Int32Array.from({ length: to }, (_, o) =>
    Math.min(Math.floor(Math.fround((o + shift) * scale)), from - 1),
  );
  return { from, to, taps: 1, index, weight: new Float64Array(to).fill(1) };
}

/** Weights of the places around a point that lies the share `t` of the way between the two in the middle. */
type Weights = (t: number) => readonly number[];

const linearWeights: Weights = (t) => [1 - t, t];

/** R. G. Keys, "Cubic convolution interpolation for digital image processing" (1981), with PyTorch's a = −3/4. */
const cubicWeights: Weights = (t) => [outerCubic(1 + t), innerCubic(t), innerCubic(1 - t), outerCubic(2 - t)];

const A = -0.75;
const innerCubic = (x: number): number => ((A + 2) * x - (A + 3)) * x * x + 1;
const outerCubic = (x: number): number => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;

/** Places are centres of cells: the centre o + ½ of the result lies at (o + ½)·from/to of the source. Beyond the edge its value goes on. */
function kernelTable(from: number, to: number, weights: Weights): ResampleTable {
  const taps = weights(0).length;
  const index = new Int32Array(to * taps);
  const weight = new Float64Array(to * taps);
  for (let o = 0; o < to; o++) {
    const at = (o + 0.5) * (from / to) - 0.5;
    const left = Math.floor(at);
    weight.set(weights(at - left), o * taps);
    for (let t = 0; t < taps; t++) {
      const place = left + t + 1 - taps / 2;
      index[o * taps + t] = Math.min(Math.max(place, 0), from - 1);
    }
  }
  return { from, to, taps, index, weight };
}

/** The mean of all places that a cell of the result touches, each counted in full (adaptive average pooling). */
function areaTable(from: number, to: number): ResampleTable {
  const begin = (o: number): number => Math.floor((o * from) / to);
  const end = (o: number): number => Math.ceil(((o + 1) * from) / to);
  let taps = 1;
  for (let o = 0; o < to; o++) taps = Math.max(taps, end(o) - begin(o));
  const index = new Int32Array(to * taps);
  const weight = new Float64Array(to * taps);
  for (let o = 0; o < to; o++) {
    const places = end(o) - begin(o);
    // A cell with fewer places than the widest repeats its last one, with weight 0.
    for (let t = 0; t < taps; t++) index[o * taps + t] = begin(o) + Math.min(t, places - 1);
    weight.fill(1 / places, o * taps, o * taps + places);
  }
  return { from, to, taps, index, weight };
}
