// The page of the test that activations stay on the GPU: the digits example on tfjs's webgpu backend, whose device delve shares.
import * as webgpu from "@delve/webgpu";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { evaluate, train } from "./job.js";

tf.enableProdMode();

/** Bytes that anybody has read from a GPU. */
let mapped = 0;
const { mapAsync } = GPUBuffer.prototype;
GPUBuffer.prototype.mapAsync = function (mode, offset = 0, size = this.size - offset) {
  if (mode === GPUMapMode.READ) mapped += size;
  return mapAsync.call(this, mode, offset, size);
};

globalThis.job = async ({ task, weights, options, device }) => {
  if (!(await tf.setBackend("webgpu"))) throw new Error("page: the backend webgpu must start");
  const { body } = await fetch("/digits.csv.gz");
  const csv = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  const asked = [];
  const counting = {
    openWebGPU: async (options) => {
      asked.push({ ...options, device: options.device === tf.backend().device });
      const backend = await webgpu.openWebGPU(options);
      // What it reads when it tries its kernels is not the question.
      mapped = 0;
      return backend;
    },
  };
  const computing = { device, webgpu: counting, ...options };
  const result = await (task === "train" ? train(tf, csv, computing) : evaluate(tf, csv, weights, computing));
  return { ...result, asked, mapped };
};
