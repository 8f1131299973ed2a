import type { GpuSamples, GpuValues, PoolMethod, SampleMatrix } from "@delve/kernel";
import { interpolate } from "./interpolate.js";
import { type Grid, gridOf, isOnGpu, type LayerOutput, type OutputData } from "./layer-output.js";
import { largest, mean, median, type Reduction, reducePositions } from "./reduce-positions.js";
import type { InterpolationStrategy } from "./resample-table.js";

/** How the places of a convolution's feature map become samples. Delve's words. */
export const CONV_METHODS = ["channelwise", "mean", "max", "median", "flatten"] as const;
export type ConvMethod = (typeof CONV_METHODS)[number];

/** How time steps become samples. Delve's words, and `tokenwise`. */
export const TIMESERIES_METHODS = ["last_timestep", "timestepwise", "tokenwise"] as const;
export type TimeseriesMethod = (typeof TIMESERIES_METHODS)[number];

/** How an output becomes a matrix of samples. */
export interface SamplingOptions {
  /** `channelwise` when left out. */
  readonly convMethod?: ConvMethod;
  /** `last_timestep` when left out. */
  readonly timeseriesMethod?: TimeseriesMethod;
  /** How feature maps that are larger than `interpolationDownsampling` are brought to that size; left as they are when left out. */
  readonly interpolationStrategy?: InterpolationStrategy | null;
  /** 32 when left out. */
  readonly interpolationDownsampling?: number;
}

type Method = ConvMethod | TimeseriesMethod;
type View = <Data extends OutputData>(grid: Grid<Data>) => SampleMatrix<Data>;

/** Methods that say where the samples lie, and look at no value. */
const VIEWS: Partial<Record<Method, View>> = {
  channelwise: everyPosition,
  tokenwise: everyPosition,
  flatten: wholeSample,
  timestepwise: wholeSample,
  last_timestep: lastPosition,
};

const REDUCTIONS: Readonly<Record<PoolMethod, Reduction>> = { mean, max: largest, median };

/**
 * The samples of a layer's output, as a matrix with a row a sample.
 *
 * | kind | method | rows | features |
 * |---|---|---|---|
 * | dense | – | samples | features |
 * | conv | channelwise | samples · places | channels |
 * | conv | mean, max, median | samples | channels |
 * | conv | flatten | samples | places · channels, in the order in which they lie |
 * | sequence | last_timestep | samples | features |
 * | sequence | timestepwise | samples | steps · features, in the order in which they lie |
 * | sequence | tokenwise | samples · steps | features |
 *
 * All but mean, max and median are views of the same memory. The median of an even number of places is the lower
 * of the two in the middle, as PyTorch has it.
 *
 * With an `interpolationStrategy`, feature maps of two axes of which one or both are larger than
 * `interpolationDownsampling` are first brought to that size, along both (`interpolate`).
 *
 * An output in the memory of a GPU becomes a view of that memory, which says what is to be made of many values.
 *
 * @throws {ShapeError} If the output is empty, or its shape does not fit.
 * @throws {TypeError} If values have to be looked at that lie in the memory of a GPU.
 * @example
 * sampleMatrixOf({ data: new Float32Array(2 * 4 * 4 * 3), shape: [2, 4, 4, 3] }).rows; // 32
 */
export function sampleMatrixOf(output: LayerOutput, options?: SamplingOptions): SampleMatrix;
export function sampleMatrixOf(
  output: LayerOutput<OutputData>,
  options?: SamplingOptions,
): SampleMatrix<OutputData>;
export function sampleMatrixOf(
  output: LayerOutput<OutputData>,
  options: SamplingOptions = {},
): SampleMatrix<OutputData> {
  const grid = isInMemory(output) ? gridOfMaps(output, options) : gridOf(output);
  if (grid.kind === "dense") return wholeSample(grid);
  if (!isInMemory(grid) && (options.interpolationStrategy ?? null) !== null) {
    throw new TypeError("sampling: interpolation needs values in memory, got a GPU's");
  }
  const { convMethod = "channelwise", timeseriesMethod = "last_timestep" } = options;
  const method = grid.kind === "conv" ? convMethod : timeseriesMethod;
  return VIEWS[method]?.(grid) ?? pool(grid, method as PoolMethod);
}

/**
 * Whether these options let samples be found only by looking at values, and not by their places alone.
 *
 * @param pools - What a backend makes of many values by itself.
 */
export function needsValues(
  { convMethod = "channelwise", interpolationStrategy }: SamplingOptions,
  pools: readonly string[] = [],
): boolean {
  const isPlace = VIEWS[convMethod] !== undefined || pools.includes(convMethod);
  return !isPlace || (interpolationStrategy ?? null) !== null;
}

/** A number for the values of a feature at all positions of a sample: taken here, or left to the GPU that has them. */
function pool(grid: Grid<OutputData>, method: PoolMethod): SampleMatrix | GpuSamples {
  if (isInMemory(grid)) return reducePositions(grid, REDUCTIONS[method]);
  const { data, samples, positions, features, sampleStride, positionStride, featureStride } = grid;
  return {
    data: data as GpuValues,
    rows: samples,
    features,
    rowStride: sampleStride,
    featureStride,
    pool: { method, count: positions, stride: positionStride },
  };
}

const isInMemory = <T extends { data: OutputData }>(
  output: T,
): output is T & { data: Float32Array | Float64Array } => !isOnGpu(output.data);

function gridOfMaps(output: LayerOutput, options: SamplingOptions): Grid {
  const { interpolationStrategy = null, interpolationDownsampling = 32 } = options;
  const grid = gridOf(output);
  if (interpolationStrategy === null || grid.kind !== "conv" || output.shape.length !== 4) return grid;
  const places = output.layout === "channelsFirst" ? output.shape.slice(2) : output.shape.slice(1, 3);
  if (places.every((extent) => extent <= interpolationDownsampling)) return grid;
  return gridOf(interpolate(output, interpolationDownsampling, interpolationStrategy));
}

function everyPosition<Data extends OutputData>(grid: Grid<Data>): SampleMatrix<Data> {
  const { data, samples, positions, features } = grid;
  const rows = { data, rows: samples * positions, features };
  const strides = { rowStride: grid.positionStride, featureStride: grid.featureStride };
  // Channels last, the rows of one sample follow those of the one before at the same distance.
  if (grid.sampleStride === positions * grid.positionStride) return { ...rows, ...strides };
  return { ...rows, ...strides, blockRows: positions, blockStride: grid.sampleStride };
}

function wholeSample<Data extends OutputData>(grid: Grid<Data>): SampleMatrix<Data> {
  const { data, samples, sampleStride } = grid;
  return { data, rows: samples, features: sampleStride, rowStride: sampleStride, featureStride: 1 };
}

function lastPosition<Data extends OutputData>(grid: Grid<Data>): SampleMatrix<Data> {
  return {
    data: grid.data,
    offset: (grid.positions - 1) * grid.positionStride,
    rows: grid.samples,
    features: grid.features,
    rowStride: grid.sampleStride,
    featureStride: grid.featureStride,
  };
}
