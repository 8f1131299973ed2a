// The page of the browser test: the digits example, on whatever backend it is asked for.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import { evaluate, train } from "./job.js";

setWasmPaths("/");
tf.enableProdMode();

globalThis.job = async ({ backend, task, weights }) => {
  if (!(await tf.setBackend(backend))) throw new Error(`page: the backend ${backend} must start`);
  const { body } = await fetch("/digits.csv.gz");
  const csv = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  return task === "train" ? train(tf, csv) : evaluate(tf, csv, weights);
};
