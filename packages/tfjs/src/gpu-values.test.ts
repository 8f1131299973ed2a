import { memoryGpu } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { cnn, normal, sizesOf, statsOf, tf, track } from "../test/support.js";
import { holdGpuValues } from "./gpu-values.js";

// tfjs's cpu backend as if it were its WebGPU one.
const gpu = memoryGpu();
const { device } = gpu;

function gpuTensor(tensor: tf.Tensor, onGpu = true): tf.Tensor {
  tensor.dataToGPU = () => {
    if (!onGpu) throw new Error("Data is not on GPU but on CPU.");
    const { buffer } = gpu.hold(tensor.dataSync());
    const tensorRef = { kept: false, dispose: () => gpu.release(buffer) };
    return { tensorRef, buffer } as never;
  };
  return tensor;
}

const onGpu = { ...tf, getBackend: () => "webgpu", backend: () => ({ device }) } as unknown as typeof tf;

describe("holdGpuValues", () => {
  test("holds the values where they lie, until they are released", () => {
    const tensor = gpuTensor(tf.ones([2, 3]));
    const held = holdGpuValues(onGpu, tensor, device)!;
    expect(held.output.shape).toEqual([2, 3]);
    expect(held.output.data).toMatchObject({ device, byteOffset: 0, byteLength: 24 });
    expect(gpu.living).toBe(1);
    held.release();
    expect(gpu.living).toBe(0);
  });

  test.each<[string, typeof tf, tf.Tensor, object | undefined]>([
    ["the backend computes elsewhere", onGpu, gpuTensor(tf.ones([2])), undefined],
    ["tfjs computes on another device", onGpu, gpuTensor(tf.ones([2])), {}],
    ["tfjs computes on the processor", tf, gpuTensor(tf.ones([2])), device],
    ["tfjs keeps the tensor in memory", onGpu, gpuTensor(tf.ones([2]), false), device],
    ["they are no float32", onGpu, gpuTensor(tf.ones([2], "int32")), device],
  ])("has none if %s", (_, as, tensor, on) => {
    expect(holdGpuValues(as, tensor, on)).toBeNull();
    expect(gpu.living).toBe(0);
  });
});

test("a tracker whose backend shares the device takes every output where it lies, and lets go of it", async () => {
  const images = normal([10, 6, 6, 1], 3);
  const model = cnn();
  const plain = await track({ model, stats: ["cov"] });
  model.predict(images);
  await plain.addSaturations();
  await plain.close();

  const read = new Set<string>();
  for (const layer of model.layers) {
    const { call } = layer;
    // Every output says that it lies on the GPU; reading it back would be noticed.
    layer.call = (...args) => {
      const output = gpuTensor(call.apply(layer, args) as tf.Tensor);
      output.data = () => {
        read.add(layer.name);
        return Promise.reject(new Error("was read back"));
      };
      return output;
    };
  }
  const shared = await track({ model, stats: ["cov"], backend: gpu.openBackend() }, onGpu);
  model.predict(images);
  await shared.addSaturations();
  expect(sizesOf(shared)).toEqual(sizesOf(plain));
  expect(statsOf(shared)).toEqual(statsOf(plain));
  expect([read.size, gpu.living]).toEqual([0, 0]);
  await shared.close();
});
