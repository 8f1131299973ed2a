import { referenceBackend } from "@delve/kernel/reference";
import { expect, test, vi } from "vitest";
import type { TrackOptions } from "../options.js";
import type { Ort } from "./ort-types.js";
import { gpuBufferOf, gpuDeviceOf, mayStayOnGpu } from "./session-gpu.js";

const device = {};
const session = { executionProviders: ["webgpu"] };
const webgpu = { openWebGPU: vi.fn() };
const onGpu = { ...referenceBackend(), gpuDevice: device };

test.each<[boolean, TrackOptions]>([
  [true, { session, webgpu }],
  [true, { session, webgpu, device: "webgpu" }],
  [true, { session: { executionProviders: ["wasm", { name: "webgpu", device }] }, webgpu }],
  [true, { session, backend: onGpu }],
  [false, { session }],
  [false, { session, webgpu, device: "wasm" }],
  [false, { session, webgpu, mask: "attention_mask" }],
  [false, { session, webgpu, backend: referenceBackend() }],
  [false, { session: { executionProviders: ["wasm"] }, webgpu }],
  [false, { webgpu }],
])("layers may stay on the GPU: %s, with %o", (expected, options) => {
  expect(mayStayOnGpu(options)).toBe(expected);
});

test("the session's device is the one that was handed over, or else the runtime's", async () => {
  const ort = (env: Ort["env"]) => ({ env, InferenceSession: { create: vi.fn() } }) as Ort;
  const theirs = {};
  const runtime = ort({ webgpu: { device: Promise.resolve(theirs) } });
  const explicit = { executionProviders: [{ name: "webgpu", device }] };
  expect(await gpuDeviceOf(runtime, explicit)).toBe(device);
  expect(await gpuDeviceOf(runtime, session)).toBe(theirs);
  expect(await gpuDeviceOf(ort({ webgpu: { device } }), session)).toBe(device);
  expect(await gpuDeviceOf(ort({}), session)).toBeUndefined();
});

test("only float32 values that lie in a buffer have one", () => {
  const gpuBuffer = {};
  const tensor = { type: "float32", dims: [1], location: "gpu-buffer", gpuBuffer, data: [] };
  expect(gpuBufferOf(tensor)).toBe(gpuBuffer);
  expect(gpuBufferOf({ ...tensor, type: "float16" })).toBeUndefined();
  const elsewhere = { ...tensor, location: "cpu" };
  Object.defineProperty(elsewhere, "gpuBuffer", {
    get: () => {
      throw new Error("The data is not stored as a WebGPU buffer.");
    },
  });
  expect(gpuBufferOf(elsewhere)).toBeUndefined();
});
