// How the package looks to a TypeScript user of ONNX Runtime 1.30. Nothing here runs: `tsc` compiles it with the rest.
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import {
  type InstrumentedModel,
  instrument,
  type SaturationTracker,
  track,
  trackPipeline,
  wrap,
} from "./index.js";

export async function accepted(
  bytes: Uint8Array,
  feeds: node.InferenceSession.OnnxValueMapType,
): Promise<void> {
  const session = await track(node, "model.onnx", { session: { intraOpNumThreads: 2 }, where: "auto" });
  const tracker: SaturationTracker = session.tracker;
  const results: node.InferenceSession.OnnxValueMapType = await session.run(feeds, ["logits"]);
  const same: node.InferenceSession = session;
  await track(web, new URL("https://example.com/model.onnx"), {
    session: { executionProviders: ["webgpu"] },
  });
  const { bytes: extended, ...plan }: InstrumentedModel = instrument(bytes, { tensors: ["hidden"] });
  await wrap(await web.InferenceSession.create(extended), plan, { mask: "attention_mask" });
  const { pipe } = await trackPipeline(node, async () => ({ sessions: { model: same } }), {
    stats: ["idim"],
  });
  void [tracker, results, pipe.sessions];
}

export async function refused(bytes: Uint8Array): Promise<void> {
  // @ts-expect-error: ONNX Runtime has to be handed in
  await track(bytes);
  // @ts-expect-error: a misspelt option
  await track(node, bytes, { satTreshold: 0.9 });
  // @ts-expect-error: no such place
  await track(node, bytes, { where: "gpu" });
}
