// The page of the test that layers stay on the GPU: a session on WebGPU, whose device delve shares.
import * as webgpu from "@delve/webgpu";
import * as ort from "onnxruntime-web/webgpu";
import { job } from "./job.js";

/** Bytes that anybody has read from a GPU. */
let mapped = 0;
const { mapAsync } = GPUBuffer.prototype;
GPUBuffer.prototype.mapAsync = function (mode, offset = 0, size = this.size - offset) {
  if (mode === GPUMapMode.READ) mapped += size;
  return mapAsync.call(this, mode, offset, size);
};

/** @param request - That of `job`; `device`: the tracker's; `explicit`: whether the session is given a device of the page's. */
globalThis.job = async ({ device, explicit, ...request }) => {
  const asked = [];
  let provider = request.provider;
  if (explicit) {
    const adapter = await navigator.gpu.requestAdapter();
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
    const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
    provider = { name: "webgpu", device: await adapter.requestDevice({ requiredLimits }) };
  }
  const counting = {
    openWebGPU: async (options) => {
      asked.push({ ...options, device: options.device instanceof GPUDevice });
      const backend = await webgpu.openWebGPU(options);
      // What has been read so far, such as the trial of its kernels, is not the question.
      mapped = 0;
      return backend;
    },
  };
  const answer = await job(ort, { ...request, provider }, { device, webgpu: counting });
  return { ...answer, asked, mapped };
};
