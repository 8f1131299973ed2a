import { consoleLog } from "@delve/stats";
import { type ModelSource, modelFiles } from "./model-source.js";
import {
  checkMask,
  checkTrackOptions,
  checkWrapOptions,
  type TrackOptions,
  type WrapOptions,
  wrapOptionsOf,
} from "./options.js";
import type { ModelFiles } from "./platform.js";
import { type InstrumentedModel, instrument } from "./session/instrument.js";
import { hiddenOutputsOf, outputsOf, type TapPlan } from "./session/layer-tap.js";
import type { Ort, OrtSession, SessionOptions } from "./session/ort-types.js";
import { Recorder } from "./session/recorder.js";
import { trackedSession } from "./session/tracked-session.js";
import { SaturationTracker } from "./tracker.js";

/** A session whose runs are recorded; in all else it is as the one of the bare model. */
export type TrackedSession<S extends OrtSession = OrtSession> = S & { readonly tracker: SaturationTracker };

/**
 * A session for a model, as `InferenceSession.create` makes it, that records what the layers give while it runs.
 *
 * `session.run` takes and gives the same as ever. `session.tracker` has the results.
 *
 * @param ort - ONNX Runtime: `import * as ort from "onnxruntime-node"`, or `"onnxruntime-web"`.
 * @throws {ModelFormatError} If the model is no ONNX model.
 * @throws {RangeError | TypeError} If an option is unknown or out of range, or no layer can be recorded.
 * @example
 * const session = await track(ort, "model.onnx", { stats: ["lsat", "idim"], saveTo: "csv", savePath: "runs/model" });
 * for (const batch of batches) await session.run({ input: batch });
 * await session.tracker.addSaturations();
 * await session.tracker.close();
 */
export async function track<S extends OrtSession>(
  ort: Ort<S>,
  model: ModelSource,
  options: TrackOptions = {},
): Promise<TrackedSession<S>> {
  if (typeof ort?.InferenceSession?.create !== "function") {
    throw new TypeError(
      "track: ort must be ONNX Runtime (onnxruntime-node, onnxruntime-web), got something else",
    );
  }
  checkTrackOptions(options);
  checkMask(options);
  const sessionOptions = options.session ?? {};
  if (sessionOptions.enableGraphCapture === true) {
    throw new RangeError(
      "track: session option enableGraphCapture must be off, for layers are read back, got true",
    );
  }
  const files = await modelFiles(model);
  const create = (instrumented: InstrumentedModel): Promise<S> =>
    ort.InferenceSession.create(instrumented.bytes, optionsFor(instrumented, files, sessionOptions));
  const { session, plan } = await createTracked(create, files.bytes, {
    ...options,
    executionProviders: sessionOptions.executionProviders,
  });
  return wrap(session, plan, wrapOptionsOf(options));
}

/**
 * A tracked session over one that was made of an instrumented model, by a host that makes its sessions itself.
 *
 * @param plan - What `instrument` returned; its `bytes` are not needed.
 * @param options - The same for sampling and statistics as `instrument` was given.
 * @throws {RangeError | TypeError} If an option is unknown, or the session is not of that model.
 */
export async function wrap<S extends OrtSession>(
  session: S,
  plan: TapPlan,
  options: WrapOptions = {},
): Promise<TrackedSession<S>> {
  checkWrapOptions(options);
  checkMask(options);
  const { taps } = plan;
  for (const name of taps.flatMap(outputsOf)) {
    if (session.outputNames.includes(name)) continue;
    throw new RangeError(
      `wrap: session must be one of the instrumented model, got one without the output "${name}"`,
    );
  }
  const { mask = null, timeseriesMethod = "last_timestep" } = options;
  const { tracker, stats } = await SaturationTracker.open(options, taps);
  const recorder = new Recorder(stats, taps, { mask, timeseriesMethod });
  return trackedSession(session, plan, recorder, { tracker });
}

interface CreateOptions extends TrackOptions {
  readonly executionProviders?: SessionOptions["executionProviders"] | undefined;
}

/** With `auto`, a runtime that cannot compute in float64 (the build for WebGPU, some execution providers) is given the values instead. */
async function createTracked<S extends OrtSession>(
  create: (instrumented: InstrumentedModel) => Promise<S>,
  bytes: Uint8Array,
  options: CreateOptions,
): Promise<{ session: S; plan: TapPlan }> {
  const { where = "auto", logger = consoleLog } = options;
  const plan = instrument(bytes, options);
  tellOfOthers(plan, where, logger);
  const inGraph = plan.taps.some((tap) => tap.where === "graph");
  try {
    return { session: await create(plan), plan };
  } catch (error) {
    if (where !== "auto" || !inGraph) throw error;
    const inKernel = instrument(bytes, { ...options, where: "kernel" });
    const session = await create(inKernel);
    const reason = "the runtime has no float64 here";
    logger("info", `where: all layers go to the kernel, since ${reason}`, { error });
    return { session, plan: { ...inKernel, taps: inKernel.taps.map((tap) => ({ ...tap, reason })) } };
  }
}

/** Somebody who asked for the graph learns what it cannot do. */
function tellOfOthers({ taps }: TapPlan, where: string, logger: typeof consoleLog): void {
  if (where !== "graph") return;
  const byReason = new Map<string, string[]>();
  for (const tap of taps) {
    if (tap.where === "kernel") byReason.set(tap.reason, [...(byReason.get(tap.reason) ?? []), tap.layer]);
  }
  for (const [reason, layers] of byReason) {
    logger("info", `where: ${layers.join(", ")}: in the kernel instead of the graph, since ${reason}`, {
      layers,
    });
  }
}

function optionsFor(
  { taps, outputNames }: InstrumentedModel,
  files: ModelFiles,
  given: SessionOptions,
): SessionOptions {
  const { preferredOutputLocation: location, externalData = files.externalData } = given;
  const options = externalData.length > 0 ? { ...given, externalData } : given;
  if (typeof location !== "string") return options;
  // One location for all outputs would keep the taps on the GPU too.
  const own = outputNames.map((name) => [name, location]);
  const hidden = taps.flatMap(hiddenOutputsOf).map((name) => [name, "cpu"]);
  return { ...options, preferredOutputLocation: Object.fromEntries([...hidden, ...own]) };
}
