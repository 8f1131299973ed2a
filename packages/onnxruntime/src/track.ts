import { type ModelSource, modelFiles } from "./model-source.js";
import {
  checkMask,
  checkTrackOptions,
  checkWrapOptions,
  type TrackOptions,
  type WrapOptions,
  wrapOptionsOf,
} from "./options.js";
import { createInstrumented } from "./session/create-session.js";
import { outputsOf, type TapPlan } from "./session/layer-tap.js";
import type { Ort, OrtSession } from "./session/ort-types.js";
import { withPlanSampling } from "./session/plan-sampling.js";
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
 * import * as ort from "onnxruntime-node";
 * const session = await track(ort, "examples/data/mnist.onnx", { stats: ["lsat", "idim"] });
 * const image = new ort.Tensor("float32", new Float32Array(784).map(Math.random), [1, 1, 28, 28]);
 * Object.keys(await session.run({ Input3: image })); // ["Plus214_Output_0"]
 * await session.tracker.addSaturations();
 * session.tracker.latest.records.length; // 6: two statistics of three layers
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
  const files = await modelFiles(model);
  const { session, plan, gpuDevice } = await createInstrumented(ort, files, options);
  try {
    return await wrapWith(session, plan, wrapOptionsOf(options), gpuDevice);
  } catch (error) {
    await session.release?.();
    throw error;
  }
}

/**
 * A tracked session over one that was made of an instrumented model, by a host that makes its sessions itself.
 *
 * @param plan - What `instrument` returned; its `bytes` are not needed.
 * @param options - Those of sampling (`convMethod`, `mask` and so on) are the plan's; where moments are computed in the
 * graph they cannot be others.
 * @throws {RangeError | TypeError} If an option is unknown or contradicts the plan, or the session is not of that model.
 * @example
 * import { readFileSync } from "node:fs";
 * import * as ort from "onnxruntime-node";
 * const { bytes, ...plan } = instrument(readFileSync("examples/data/mnist.onnx"));
 * const session = await wrap(await ort.InferenceSession.create(bytes), plan, { stats: ["idim"] });
 * session.tracker.layers; // ["Convolution28", "Convolution110", "Times212"]
 * await session.tracker.close();
 */
export async function wrap<S extends OrtSession>(
  session: S,
  plan: TapPlan,
  options: WrapOptions = {},
): Promise<TrackedSession<S>> {
  return wrapWith(session, plan, options);
}

/**
 * What `wrap` gives, of a session that was made here.
 *
 * @param gpuDevice - The GPUDevice in whose memory it leaves the values of layers.
 */
export async function wrapWith<S extends OrtSession>(
  session: S,
  plan: TapPlan,
  options: WrapOptions,
  gpuDevice?: object,
): Promise<TrackedSession<S>> {
  checkWrapOptions(options);
  checkPlan(plan);
  const all = withPlanSampling(plan, options);
  checkMask(all);
  const { taps } = plan;
  for (const name of taps.flatMap(outputsOf)) {
    if (session.outputNames.includes(name)) continue;
    throw new RangeError(
      `wrap: session must be one of the instrumented model, got one without the output "${name}"`,
    );
  }
  const { mask = null, timeseriesMethod = "last_timestep" } = all;
  const { tracker, stats } = await SaturationTracker.open(all, taps, gpuDevice);
  const recorder = new Recorder(stats, taps, { mask, timeseriesMethod, gpuDevice });
  return trackedSession(session, plan, recorder, { tracker });
}

function checkPlan(plan: TapPlan): void {
  if (Array.isArray(plan?.taps) && typeof plan.sampling === "object") return;
  throw new TypeError("wrap: plan must be what `instrument` returned, got something else");
}
