import { readModel } from "../model/read-model.js";
import { modelFiles } from "../model-source.js";
import { checkTrackOptions, type TrackOptions, wrapOptionsOf } from "../options.js";
import { createInstrumented } from "../session/create-session.js";
import { NoLayerError } from "../session/instrument.js";
import type { TapPlan } from "../session/layer-tap.js";
import type { Ort, OrtSession, SessionOptions } from "../session/ort-types.js";
import { wrapWith } from "../track.js";
import type { SaturationTracker } from "../tracker.js";

/** A pipeline, or a model of transformers.js: what has sessions, by name. */
interface HasSessions {
  readonly model?: HasSessions;
  readonly sessions?: Record<string, OrtSession>;
}

/** Options of `trackPipeline`: those of `track`; the options of sessions are for transformers.js to give. */
export type PipelineOptions = Omit<TrackOptions, "session">;

/** A pipeline whose models are tracked. */
export interface TrackedPipeline<P> {
  /** What was loaded. */
  readonly pipe: P;
  /** The tracker of the model; of several, that of the first. */
  readonly tracker: SaturationTracker;
  /** The trackers of all its models, by the names that transformers.js gives to their sessions (`model`, `decoder_model_merged`). */
  readonly trackers: ReadonlyMap<string, SaturationTracker>;
}

type Create = (...args: unknown[]) => Promise<OrtSession>;

/** The input by which models of transformers.js tell tokens from padding. */
const ATTENTION_MASK = "attention_mask";

/**
 * Loads a pipeline of transformers.js, or a model, so that the layers of all its models are recorded.
 *
 * Sessions are made inside of transformers.js; while `load` runs, those made by `ort` show their layers. Everything
 * else of the pipeline is as ever. Tokens are samples (`timeseriesMethod: "tokenwise"`), without those that the
 * attention mask leaves out, unless the options say otherwise. Where there are several models, `savePath` gets the
 * name of each: `runs/t5-model`. Of several calls at once, each waits for the loading of the one before.
 *
 * @param ort - The copy of ONNX Runtime that transformers.js uses: `onnxruntime-node` in Node,
 * `onnxruntime-web/webgpu` in a browser.
 * @param load - Loads it: `() => pipeline("feature-extraction", "…")`, `() => AutoModel.from_pretrained("…")`.
 * @throws {TypeError} If `ort` is another copy, and none of the sessions came from it.
 * @example
 * ```ts no-run
 * import { pipeline } from "@huggingface/transformers";
 * import * as ort from "onnxruntime-node";
 * const { pipe, tracker } = await trackPipeline(ort, () => pipeline("feature-extraction", "Xenova/all-MiniLM-L6-v2"));
 * await pipe(["How much of its space", "does each layer use?"]);
 * await tracker.addSaturations();
 * ```
 */
export async function trackPipeline<P extends object>(
  ort: Ort,
  load: () => Promise<P>,
  options: PipelineOptions = {},
): Promise<TrackedPipeline<P>> {
  const all: TrackOptions = { timeseriesMethod: "tokenwise", ...options };
  checkTrackOptions(all);
  const made = new Map<OrtSession, Made>();
  const pipe = await oneAtATime(ort.InferenceSession, () => whileInstrumented(ort, all, made, load));
  const { model = pipe } = pipe as HasSessions;
  const sessions = (model as HasSessions).sessions ?? {};
  const found = Object.entries(sessions).filter(([, session]) => made.has(session));
  if (found.length === 0) {
    throw new TypeError(
      "trackPipeline: ort must be the copy of ONNX Runtime that transformers.js uses, got one that made no session with a layer to record",
    );
  }
  const trackers = new Map<string, SaturationTracker>();
  for (const [name, session] of found) {
    const { plan, options, gpuDevice } = made.get(session)!;
    const named = found.length > 1 ? withName(options, name) : options;
    const tracked = await wrapWith(session, plan, named, gpuDevice);
    sessions[name] = tracked;
    trackers.set(name, tracked.tracker);
  }
  return { pipe, tracker: [...trackers.values()][0]!, trackers };
}

interface Made {
  readonly plan: TapPlan;
  readonly options: TrackOptions;
  readonly gpuDevice: object | undefined;
}

/** By what is replaced meanwhile: the load that comes last, which the next one waits for. */
const loads = new WeakMap<object, Promise<unknown>>();

/** Two loads at once would each make the sessions of the other. */
function oneAtATime<T>(sessions: object, load: () => Promise<T>): Promise<T> {
  const before = loads.get(sessions) ?? Promise.resolve();
  const loading = before.then(load, load);
  loads.set(sessions, loading);
  return loading;
}

/** Runs `load` with an `InferenceSession.create` that remembers what it made. */
async function whileInstrumented<P>(
  ort: Ort,
  options: TrackOptions,
  made: Map<OrtSession, Made>,
  load: () => Promise<P>,
): Promise<P> {
  const sessions = ort.InferenceSession as { create: Create };
  const { create } = sessions;
  const bare: Ort = {
    ...(ort.env ? { env: ort.env } : {}),
    InferenceSession: { create: create.bind(sessions) },
  };
  sessions.create = async (model, ...rest) => {
    const last = rest.at(-1);
    const session = typeof last === "object" && last !== null ? (last as SessionOptions) : {};
    const files = await modelFiles(bytesOf(model, rest) as Uint8Array);
    const own = { ...options, ...maskFor(files.bytes, options), session };
    try {
      const { session: result, plan, gpuDevice } = await createInstrumented(bare, files, own);
      made.set(result, { plan, options: wrapOptionsOf(own), gpuDevice });
      return result;
    } catch (error) {
      // A model without layers, such as one that only looks up embeddings, is none of ours.
      if (error instanceof NoLayerError) return create.call(sessions, model, ...rest);
      throw error;
    }
  };
  try {
    return await load();
  } finally {
    sessions.create = create;
  }
}

/** The form of `create` that takes a piece of a buffer. */
function bytesOf(model: unknown, [offset, length]: readonly unknown[]): unknown {
  if (typeof offset !== "number") return model;
  return new Uint8Array(model as ArrayBuffer, offset, typeof length === "number" ? length : undefined);
}

function maskFor(model: Uint8Array, { mask, timeseriesMethod }: TrackOptions): Pick<TrackOptions, "mask"> {
  if (mask !== undefined || timeseriesMethod === "timestepwise") return { mask };
  const { graph } = readModel(model);
  return { mask: graph.inputs.some(({ name }) => name === ATTENTION_MASK) ? ATTENTION_MASK : null };
}

const withName = (options: ReturnType<typeof wrapOptionsOf>, name: string): typeof options =>
  options.savePath ? { ...options, savePath: `${options.savePath}-${name}` } : options;
