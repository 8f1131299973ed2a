import { type MomentsState, ShapeError } from "@delve/kernel";
import type { LayerOutput, OutputData, SaturationTracker, TimeseriesMethod } from "@delve/stats";
import { type GraphMoments, momentsStateOf } from "../graph-moments/moments-state.js";
import { layerOutputOf, type Values } from "./layer-output.js";
import type { LayerTap, MomentsTap, ValuesTap } from "./layer-tap.js";
import { type Mask, maskOf, withoutPadding } from "./mask.js";
import type { OrtTensor, Tensors } from "./ort-types.js";
import { gpuBufferOf } from "./session-gpu.js";

/** Which rows are padding, and where values may stay. */
export interface RecorderOptions {
  /** Name of the feed that says; `null` if none does. */
  readonly mask: string | null;
  readonly timeseriesMethod: TimeseriesMethod;
  /** The GPUDevice in whose memory the session leaves values; `undefined` if it leaves none there. */
  readonly gpuDevice: object | undefined;
}

/** A model that ONNX Runtime serves is in the eval state. */
const PHASE = { phase: "eval", counted: true } as const;

/** What the taps read, by the names of outputs. */
type Outputs = ReadonlyMap<string, Values<OutputData> | Error>;

/** Hands what a session gave to a tracker. */
export class Recorder {
  readonly #tracker: SaturationTracker;
  readonly #taps: readonly LayerTap[];
  readonly #options: RecorderOptions;

  constructor(tracker: SaturationTracker, taps: readonly LayerTap[], options: RecorderOptions) {
    this.#tracker = tracker;
    this.#taps = taps;
    this.#options = options;
  }

  /** The GPUDevice in whose memory values are taken as they lie; `undefined` if they have to be read. */
  get gpuDevice(): object | undefined {
    const { mask, gpuDevice } = this.#options;
    return mask === null && gpuDevice === this.#tracker.gpuDevice ? gpuDevice : undefined;
  }

  /** Counts a forward pass of every layer, and tells which are to be recorded. */
  wanted(): LayerTap[] {
    return this.#taps.filter(({ layer }) => this.#tracker.wants(layer, "eval"));
  }

  /**
   * The steps of a pass that are real, or why they cannot be known; `null` if all are. To be asked for before the
   * pass: feeds are the caller's, who may write the next batch into them meanwhile.
   */
  maskOf(feeds: Tensors): Mask | Error | null {
    const { mask } = this.#options;
    return mask === null ? null : orError(() => maskOf(feeds[mask]));
  }

  /**
   * Takes in one pass, unless recording has been stopped, or the tracker closed, since it began.
   *
   * @param outputs - What the wanted taps read: values in memory of the processor, or on `gpuDevice`.
   * @param mask - What `maskOf` gave for its feeds.
   */
  record(wanted: readonly LayerTap[], outputs: Outputs, mask: Mask | Error | null): void {
    if (!this.#tracker.isRecording) return;
    for (const tap of wanted) {
      if (tap.where === "graph") this.#recordMoments(tap, outputs);
      else this.#recordValues(tap, outputs, mask);
    }
  }

  #recordValues(tap: ValuesTap, outputs: Outputs, mask: Mask | Error | null): void {
    const output = orError(() => this.#outputOf(tap, outputs, mask));
    if (output === null) return;
    // Within the function, so that an error is the tracker's to report or to throw.
    this.#tracker.record(tap.layer, () => thrownIfError(output), PHASE);
  }

  /** `null` if there is nothing but padding. */
  #outputOf(tap: ValuesTap, outputs: Outputs, mask: Mask | Error | null): LayerOutput<OutputData> | null {
    const output = layerOutputOf(tap.layout, valuesOf(outputs, tap.output));
    return mask === null
      ? output
      : withoutPadding(output as LayerOutput, thrownIfError(mask), this.#options.timeseriesMethod);
  }

  #recordMoments(tap: MomentsTap, outputs: Outputs): void {
    const { layout, layer } = tap;
    const shape = outputs.get(tap.shape);
    const extents = shape === undefined || shape instanceof Error ? [] : [...(shape as Values).data];
    const batchAxis = layout.kind === "recurrent" && !layout.batchFirst ? 2 : 0;
    const state = (): MomentsState => momentsStateOf(momentsOf(tap, extents, outputs));
    this.#tracker.recordMoments(layer, state, { ...PHASE, entries: extents[batchAxis] ?? 0 });
  }
}

function momentsOf(
  { features, shift, sum, gram }: MomentsTap,
  extents: readonly number[],
  outputs: Outputs,
): GraphMoments {
  const moments = (name: string): Float64Array => valuesOf(outputs, name).data as Float64Array;
  const found = { shift: moments(shift), sum: moments(sum), gram: moments(gram) };
  if (found.gram.length === 0) {
    throw new ShapeError("sampling: needs at least one sample and one feature, got no values");
  }
  return { count: extents.reduce((a, b) => a * b, 1) / features, ...found };
}

function valuesOf(outputs: Outputs, name: string): Values<OutputData> {
  const found = outputs.get(name);
  if (found === undefined) throw new Error(`run: the session must give the output "${name}", got nothing`);
  return thrownIfError(found);
}

/**
 * The values of a tensor wherever they are, or why they cannot be had; whole numbers become numbers.
 *
 * @param gpuDevice - Where they may stay until the tensor is disposed.
 */
export async function readTensor(
  tensor: OrtTensor,
  gpuDevice: object | undefined,
): Promise<Values<OutputData> | Error> {
  const { dims } = tensor;
  const buffer = gpuDevice && gpuBufferOf(tensor);
  if (gpuDevice && buffer) {
    const byteLength = 4 * dims.reduce((a, b) => a * b, 1);
    return { data: { device: gpuDevice, buffer, byteOffset: 0, byteLength }, dims };
  }
  try {
    const here = tensor.location === undefined || tensor.location.startsWith("cpu");
    const data = here ? tensor.data : await tensor.getData!();
    return { data: asFloats(data), dims };
  } catch (error) {
    return asError(error);
  }
}

function orError<T>(compute: () => T): T | Error {
  try {
    return compute();
  } catch (error) {
    return asError(error);
  }
}

function thrownIfError<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error), { cause: error });

const asFloats = (data: ArrayLike<unknown>): Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data, Number);
