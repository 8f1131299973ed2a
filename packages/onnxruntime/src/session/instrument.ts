import { resolveStatistics, unknownName } from "@delve/stats";
import { addMoments } from "../graph-moments/add-moments.js";
import { describeLeft } from "../layers/describe-left.js";
import { findCandidates } from "../layers/find-candidates.js";
import { tapLayer } from "../layers/tap-layer.js";
import { appendTail, createTail } from "../model/model-tail.js";
import { type Bytes, readModel } from "../model/read-model.js";
import { DataType, type ModelTail, type Tap } from "../model/types.js";
import { checkInstrumentOptions, type InstrumentOptions } from "../options.js";
import type { LayerTap, TapPlan } from "./layer-tap.js";
import { type Placement, type PlacementRules, placeLayer, WHERE } from "./placement.js";

/** A model in which there is nothing to record. */
export class NoLayerError extends RangeError {
  override name = "NoLayerError";
}

/** A model that shows what its layers give. */
export interface InstrumentedModel extends TapPlan {
  /** The model with its tail: any ONNX Runtime runs it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Outputs of the model as it was. */
  readonly outputNames: readonly string[];
}

/**
 * A model with outputs for the values or the moments of its layers: for hosts that make their sessions themselves.
 * The bytes of the model stay as they are, and what is added comes after them. A session made of the bytes becomes a
 * tracked one by `wrap`; the rest of the result, which is plain data, tells it what is where.
 *
 * Where moments are computed in the graph, the model gets an input of a single bool, `recordInput`, which `wrap` sets.
 *
 * @throws {ModelFormatError} If the bytes are no ONNX model.
 * @throws {NoLayerError} If no layer can be recorded.
 * @throws {RangeError} If an option is unknown or out of range.
 * @example
 * import { readFileSync } from "node:fs";
 * const { bytes, taps } = instrument(readFileSync("examples/data/mnist.onnx"), { where: "kernel" });
 * taps.map(({ output }) => output); // ["Plus30_Output_0", "Plus112_Output_0", "delve/Plus214_Output_0"]
 */
export function instrument(model: Bytes, options: InstrumentOptions = {}): InstrumentedModel {
  checkInstrumentOptions(options);
  const read = readModel(model);
  const rules = placementRules(options);
  const candidates = findCandidates(read, options);
  const taken = candidates.filter((candidate) => candidate.taken);
  if (taken.length === 0) {
    const got = describeLeft(candidates);
    throw new NoLayerError(`instrument: the model must have a layer to record, got ${got}`);
  }
  const tail = createTail(read);
  const placed = taken.map((candidate): [Tap, Placement] => {
    const tap = tapLayer(tail, read, candidate);
    return [tap, placeLayer(read, tap, rules)];
  });
  const recordInput = placed.some(([, { where }]) => where === "graph") ? addRecordInput(tail) : null;
  const taps = placed.map(([tap, placement]) => addTap(tail, tap, placement, recordInput));
  const outputNames = read.graph.outputs.map(({ name }) => name);
  const bytes = appendTail(read.bytes, tail.bytes());
  return {
    bytes,
    outputNames,
    taps,
    sampling: { ...rules.sampling, mask: options.mask ?? null },
    recordInput,
  };
}

function addRecordInput(tail: ModelTail): string {
  const name = tail.freshName("delve/record");
  tail.addInput({ name, elemType: DataType.bool, shape: [] });
  return name;
}

function addTap(tail: ModelTail, tap: Tap, placement: Placement, recordInput: string | null): LayerTap {
  const { layer, layout } = tap.candidate;
  const { where, reason, features } = placement;
  if (where === "graph") {
    return { layer, layout, where, reason, features, ...addMoments(tail, tap, features, recordInput) };
  }
  const output = tap.original ? addCopy(tail, tap.tensor) : tap.tensor;
  tail.addOutput({ name: output });
  return { layer, layout, where, reason, output };
}

/** An output of the model may be fetched to a place of the caller's choice, where it is not to be read. */
function addCopy(tail: ModelTail, tensor: string): string {
  const output = tail.freshName(`delve/${tensor}`);
  tail.addNode({ opType: "Identity", inputs: [tensor], outputs: [output] });
  return output;
}

function placementRules(options: InstrumentOptions): PlacementRules {
  const { where = "auto", convMethod = "channelwise", timeseriesMethod = "last_timestep" } = options;
  const { interpolationStrategy = null, interpolationDownsampling = 32, stats = ["lsat"] } = options;
  if (!WHERE.includes(where)) throw unknownName("where", where, WHERE);
  const samples = resolveStatistics(stats).find(({ needs }) => needs.includes("samples"));
  let needsValues: string | null = null;
  if (samples !== undefined) needsValues = `the statistic "${samples.key}" needs samples`;
  else if (options.maxSamples != null) needsValues = "`maxSamples` needs its values, to cut a batch";
  else if (options.mask != null) needsValues = "`mask` needs its values";
  return {
    where,
    sampling: { convMethod, timeseriesMethod, interpolationStrategy, interpolationDownsampling },
    threads: computesOnProcessor(options.executionProviders ?? []) ? (options.threads ?? 1) : 0,
    needsValues,
  };
}

const PROCESSOR = new Set(["cpu", "wasm", "xnnpack"]);

/** Without a word the runtimes take the processor. */
function computesOnProcessor(providers: readonly (string | { readonly name: string })[]): boolean {
  return providers.every((provider) =>
    PROCESSOR.has(typeof provider === "string" ? provider : provider.name),
  );
}
