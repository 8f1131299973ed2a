import { consoleLog, type Log } from "@delve/stats";
import { platform } from "#platform";
import { checkExternalData } from "../external/check-external-data.js";
import { readModel } from "../model/read-model.js";
import type { TrackOptions } from "../options.js";
import type { ModelFiles } from "../platform.js";
import { type InstrumentedModel, instrument } from "./instrument.js";
import { type LayerTap, outputsOf, type TapPlan } from "./layer-tap.js";
import type { Ort, OrtSession, SessionOptions } from "./ort-types.js";
import { gpuDeviceOf, mayStayOnGpu } from "./session-gpu.js";

/** A session of an instrumented model, and what is where in it. */
export interface Instrumented<S extends OrtSession> {
  readonly session: S;
  readonly plan: TapPlan;
  /** The GPUDevice in whose memory layers are left; `undefined` if they are not. */
  readonly gpuDevice: object | undefined;
}

/**
 * Makes the session of a model that shows its layers.
 *
 * With `auto`, a runtime that cannot compute in float64 (the build for WebGPU, some execution providers) is given
 * the values instead.
 *
 * @throws {ExternalDataError} If the model needs external data that is not at hand.
 * @throws {RangeError} If the session's options keep its outputs from being read.
 */
export async function createInstrumented<S extends OrtSession>(
  ort: Ort<S>,
  files: ModelFiles,
  options: TrackOptions,
): Promise<Instrumented<S>> {
  const { where = "auto", logger = consoleLog, session: given = {} } = options;
  if (given.enableGraphCapture === true) {
    throw new RangeError("track: enableGraphCapture must be off, since layers are read back, got true");
  }
  const { externalData = files.externalData } = given;
  checkExternalData(readModel(files.bytes), { ...given, externalData });
  const chosen = { ...options, executionProviders: given.executionProviders, threads: threadsOf(ort, given) };
  const plan = instrument(files.bytes, chosen);
  const onGpu = mayStayOnGpu(options);
  const create = async (model: InstrumentedModel): Promise<Omit<Instrumented<S>, "plan">> => {
    const session = await ort.InferenceSession.create(model.bytes, optionsFor(model, files, given, onGpu));
    return { session, gpuDevice: onGpu ? await gpuDeviceOf(ort, given) : undefined };
  };
  tellOfOthers(plan, where, logger);
  try {
    return { ...(await create(plan)), plan };
  } catch (error) {
    if (where !== "auto" || plan.recordInput === null) throw error;
    const inKernel = instrument(files.bytes, { ...chosen, where: "kernel" });
    const created = await create(inKernel);
    const reason = "the runtime has no float64 here";
    logger("info", `where: all layers go to the kernel, since ${reason}`, { error });
    return { ...created, plan: { ...inKernel, taps: inKernel.taps.map((tap) => ({ ...tap, reason })) } };
  }
}

/** The threads of WebAssembly do not count: their float64 is several times slower than that of the kernel. */
function threadsOf({ env }: Ort, { executionProviders, intraOpNumThreads }: SessionOptions): number {
  const { node, web } = env?.versions ?? {};
  const inWasm = executionProviders?.includes("wasm") ?? (web !== undefined && node === undefined);
  return inWasm ? 1 : intraOpNumThreads || platform.processors();
}

/** Somebody who asked for the graph learns what it cannot do. */
function tellOfOthers({ taps }: TapPlan, where: string, logger: Log): void {
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
  onGpu: boolean,
): SessionOptions {
  const { preferredOutputLocation: location, externalData = files.externalData } = given;
  const options = externalData.length > 0 ? { ...given, externalData } : given;
  if (typeof location !== "string" && !onGpu) return options;
  // One location for all outputs would keep the taps on the GPU too.
  const own =
    typeof location === "string" ? Object.fromEntries(outputNames.map((name) => [name, location])) : location;
  const hidden = taps.flatMap((tap) => outputsOf(tap).map((name) => [name, locationOf(tap, onGpu)]));
  return { ...options, preferredOutputLocation: { ...Object.fromEntries(hidden), ...own } };
}

/** The axes of recurrent layers are put in another order in memory, and moments come as float64. */
function locationOf({ where, layout }: LayerTap, onGpu: boolean): string {
  return onGpu && where === "kernel" && layout.kind !== "recurrent" ? "gpu-buffer" : "cpu";
}
