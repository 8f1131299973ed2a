// A text encoder in transformers.js, and how much of its feature space each layer uses, token by token.
//
// Its weights are random, so that nothing is downloaded: what a pipeline of your own does differently is the name of
// the model, `pipeline("feature-extraction", "Xenova/all-MiniLM-L6-v2")`, and the texts.
//
//   node examples/onnx-text/index.js
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trackPipeline } from "@delve/onnxruntime";
import { env, pipeline } from "@huggingface/transformers";
import * as ort from "onnxruntime-node";
import { writeTextEncoder } from "../lib/text-encoder-files.js";
import { texts } from "./texts.js";

const models = mkdtempSync(join(tmpdir(), "delve-onnx-text-"));
writeTextEncoder(
  join(models, "tiny"),
  { layers: 3, width: 32, heads: 4 },
  { mkdirSync, writeFileSync, join },
);
env.allowRemoteModels = false;
env.localModelPath = models;

const { pipe, tracker } = await trackPipeline(
  ort,
  () => pipeline("feature-extraction", "tiny", { dtype: "fp32" }),
  { stats: ["lsat", "idim"], saveTo: ["print", "csv", "plot"], savePath: "runs/onnx-text" },
);
for (const batch of texts({ batches: 20, size: 16 })) await pipe(batch, { pooling: "mean" });
await tracker.addSaturations();
await tracker.close();
await pipe.dispose();
rmSync(models, { recursive: true });

console.log(
  `\nEvery token is a sample; padding is not. ${tracker.savePath}.csv, plots in ${tracker.savePath}/`,
);
