import { type GpuValues, ShapeError } from "@delve/kernel";
import { unknownName } from "../names.js";

/** How an output with positions lies in memory: features vary fastest (TensorFlow) or slowest (PyTorch, ONNX). */
export type Layout = "channelsLast" | "channelsFirst";

const LAYOUTS: readonly Layout[] = ["channelsLast", "channelsFirst"];

/** What the axes between samples and features mean: nothing there, time steps, or places of a feature map. */
export type OutputKind = "dense" | "sequence" | "conv";

/** Where the values of an output are. */
export type OutputData = Float32Array | Float64Array | GpuValues;

/**
 * What a layer gave for one batch, as it lies in memory (row-major, no gaps).
 *
 * | kind | shape, channelsLast | shape, channelsFirst |
 * |---|---|---|
 * | dense | (samples, features) | the same |
 * | sequence | (samples, steps, features) | (samples, features, steps) |
 * | conv | (samples, place …, channels) | (samples, channels, place …) |
 */
export interface LayerOutput<Data extends OutputData = Float32Array | Float64Array> {
  readonly data: Data;
  readonly shape: readonly number[];
  /** `channelsLast` when left out. */
  readonly layout?: Layout;
  /** When left out, by the number of axes: 2 dense, 3 sequence, 4 or more conv. */
  readonly kind?: OutputKind;
}

/** An output by its strides: sample s, position p, feature f is `data[offset + s·sampleStride + p·positionStride + f·featureStride]`. */
export interface Grid<Data extends OutputData = Float32Array | Float64Array> {
  readonly kind: OutputKind;
  readonly data: Data;
  readonly samples: number;
  /** Time steps, or places of the feature map; 1 for a dense output. */
  readonly positions: number;
  readonly features: number;
  readonly sampleStride: number;
  readonly positionStride: number;
  readonly featureStride: number;
}

const RANKS: Record<OutputKind, { least: number; most: number; shape: string }> = {
  dense: { least: 2, most: 2, shape: "[samples, features]" },
  sequence: { least: 3, most: Infinity, shape: "[samples, steps, features]" },
  conv: { least: 3, most: Infinity, shape: "[samples, places and channels]" },
};

/**
 * The output seen through strides. Nothing is copied.
 *
 * @throws {ShapeError} If the shape does not fit the data or the kind, or has no samples, positions or features.
 */
export function gridOf<Data extends OutputData>(output: LayerOutput<Data>): Grid<Data> {
  const { data, shape, layout = "channelsLast" } = output;
  checkData(output);
  const kind = kindOf(output);
  if (!Object.hasOwn(RANKS, kind)) throw unknownName("sampling: kind", kind, Object.keys(RANKS));
  if (!LAYOUTS.includes(layout)) throw unknownName("sampling: layout", layout, LAYOUTS);
  const { least, most, shape: wanted } = RANKS[kind];
  if (shape.length < least || shape.length > most) {
    throw new ShapeError(`sampling: a ${kind} output needs a shape ${wanted}, got [${shape.join(", ")}]`);
  }
  const last = shape.length - 1;
  const channelsLast = layout === "channelsLast" || kind === "dense";
  const features = shape[channelsLast ? last : 1]!;
  const positions = product(channelsLast ? shape.slice(1, last) : shape.slice(2));
  return {
    kind,
    data,
    samples: shape[0]!,
    positions,
    features,
    sampleStride: positions * features,
    positionStride: channelsLast ? features : 1,
    featureStride: channelsLast ? 1 : positions,
  };
}

/** The kind of an output, by its number of axes where it does not say. */
export function kindOf({ kind, shape }: LayerOutput<OutputData>): OutputKind {
  return kind ?? (shape.length <= 2 ? "dense" : shape.length === 3 ? "sequence" : "conv");
}

/** The first `count` samples of an output; the whole of it if it has no more. Nothing is copied. */
export function firstSamples<Data extends OutputData>(
  output: LayerOutput<Data>,
  count: number,
): LayerOutput<Data> {
  const [samples = 0, ...rest] = output.shape;
  if (samples <= count) return output;
  return { ...output, data: firstValues(output.data, count * product(rest)), shape: [count, ...rest] };
}

/** Whether values lie in the memory of a GPU. */
export const isOnGpu = (data: unknown): data is GpuValues =>
  typeof data === "object" && data !== null && "device" in data && "buffer" in data;

function firstValues<Data extends OutputData>(data: Data, count: number): Data {
  return (isOnGpu(data) ? { ...data, byteLength: 4 * count } : data.subarray(0, count)) as Data;
}

function checkData({ data, shape }: LayerOutput<OutputData>): void {
  if (!(data instanceof Float32Array || data instanceof Float64Array || isOnGpu(data))) {
    throw new ShapeError(
      "sampling: data must be a Float32Array or a Float64Array, got another kind of value",
    );
  }
  if (!Array.isArray(shape) || shape.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw new ShapeError(`sampling: a shape must be a list of whole numbers, got [${shape}]`);
  }
  if (shape.some((extent) => extent === 0)) {
    throw new ShapeError(
      `sampling: needs at least one sample and one feature, got shape [${shape.join(", ")}]`,
    );
  }
  const values = isOnGpu(data) ? data.byteLength / 4 : data.length;
  if (product(shape) !== values) {
    throw new ShapeError(
      `sampling: shape [${shape.join(", ")}] needs ${product(shape)} values, got ${values}`,
    );
  }
}

const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);
