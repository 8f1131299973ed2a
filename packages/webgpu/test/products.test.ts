/// <reference types="@webgpu/types" />
import { sampleMatrix, seededRandom } from "@delve/conformance";
import {
  BackendUnavailableError,
  loadKernel,
  type MomentsState,
  type SampleMatrix,
  type SyncBackend,
} from "@delve/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenWebGPUOptions, openWebGPU, type ProductKernel, type WebGPUBackend } from "../src/index.js";
import { chooseProducts } from "../src/product-kernels.js";
import { ProductTrial } from "../src/product-trial.js";
import { changed } from "./changed-device.js";
import { HARD, hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

/** A GPU object whose WGSL lacks the instruction. */
const WITHOUT_DOT4 = { wgslLanguageFeatures: new Set() };

describeWithGpu("kernels of products", () => {
  let device: GPUDevice;
  let kernel: SyncBackend;
  const backends: WebGPUBackend[] = [];
  let dot4: WebGPUBackend;
  let others: WebGPUBackend[];
  beforeAll(async () => {
    kernel = await loadKernel();
    device = await (await openGpu().requestAdapter())!.requestDevice();
    dot4 = await open({ products: "dot4" });
    others = [await open({ products: "i32" }), await open({ products: "f32" })];
  });
  afterAll(() => {
    for (const backend of backends) backend.dispose();
    device.destroy();
    kernel.dispose();
  });

  async function open(options: OpenWebGPUOptions): Promise<WebGPUBackend> {
    const backend = await openWebGPU({ device, gpu: openGpu(), kernel, ...options });
    backends.push(backend);
    return backend;
  }

  /** The device with the WGSL of some kernels changed. */
  function withCode(change: (kernel: string, code: string) => string): GPUDevice {
    const createShaderModule = ({ label, code }: GPUShaderModuleDescriptor) =>
      device.createShaderModule({ code: change(label!.replace("delve ", ""), code) });
    return changed(device, { createShaderModule });
  }

  /** The device with a kernel that its compiler cannot take. */
  const without = (broken: string) =>
    withCode((kernel, code) => (kernel === broken ? `${code}\nfn main(` : code));

  async function stateOf(backend: WebGPUBackend, batch: SampleMatrix): Promise<MomentsState> {
    using moments = backend.createMoments(batch.features);
    moments.update(batch);
    return await moments.state();
  }

  test("give the same bits, whatever the samples", async () => {
    const random = seededRandom(47);
    for (const name of Object.keys(HARD)) {
      for (const single of [true, false]) {
        // Rows beyond what float32 can sum at once, features beyond a tile.
        const batch = sampleMatrix(hardSamples(name, 201, 37, random), single);
        const expected = await stateOf(dot4, batch);
        for (const other of others) expect(await stateOf(other, batch), name).toEqual(expected);
      }
    }
  });

  test("give the same bits where every product is as large as it can be", async () => {
    // Half of the samples at either end of the range, so that all leading digits are ±127 or −128.
    const data = Float32Array.from({ length: 16_384 * 3 }, (_, at) =>
      Math.floor(at / 3) % 2 === 0 ? -1 : 1,
    );
    const batch = { data, rows: 16_384, features: 3, rowStride: 3, featureStride: 1 };
    const expected = await stateOf(dot4, batch);
    for (const other of others) expect(await stateOf(other, batch)).toEqual(expected);
  });

  test("are not used where they are wrong", async () => {
    const wrong = (...kernels: string[]) =>
      withCode((kernel, code) =>
        // A sum that is off by one, of one level and every other row.
        kernels.includes(kernel) ? code.replace("for (var c = 0u", "y3.x += 1;\n$&") : code,
      );
    expect((await open({ device: wrong("i32") })).products).toBe("f32");
    expect((await open({ device: wrong("f32") })).products).toBe("i32");
    const refused = open({ device: wrong("i32", "f32") });
    await expect(refused).rejects.toThrow(BackendUnavailableError);
    await expect(refused).rejects.toThrow(/^openWebGPU: .*got none that does of i32, f32$/);
    await expect(open({ device: wrong("f32"), products: "f32" })).rejects.toThrow(/does of f32$/);
  });

  test("are not used where they do not compile", async () => {
    expect((await open({ device: without("i32") })).products).toBe("f32");
    await expect(open({ device: without("join levels") })).rejects.toThrow(
      /^openWebGPU: the GPU must compile and run the kernels, got/,
    );
  });

  test.each([
    ["exact", "column range", "greatest = max(greatest, key);", ""],
    ["exact", "column grid", "vec4u(range.exponent,", "vec4u(range.exponent + 1u,"],
    ["exact", "slice rows", "digits.x >> 24u", "digits.x >> 25u"],
    ["exact", "join levels", "total.y << 8u", "total.y << 7u"],
    ["fast", "scale rows", "sums.z", "sums.y"],
    ["fast", "scale rows", "leading >> 8u", "leading >> 9u"],
    ["fast", "scaled products", "fine2 += ", "fine2 -= "],
    ["fast", "scaled products", "element + 32u", "element + 33u"],
  ] as const)(
    "and the others are refused where they are wrong: %s, %s, %s",
    async (mode, name, right, bad) => {
      const wrong = withCode((kernel, code) => {
        if (kernel !== name) return code;
        expect(code).toContain(right);
        return code.replaceAll(right, bad);
      });
      await expect(open({ device: wrong, mode, products: "f32" })).rejects.toThrow(
        /^openWebGPU: the covariance of known samples must be within .* got it off by/,
      );
    },
  );

  /** The kernel that is chosen where measurements, by kernel and amount of work, are what they are given as. */
  async function chosenBy(measure: (kernel: string, amount: number) => number): Promise<ProductKernel> {
    const trial = new ProductTrial(device);
    trial.time = async ({ label }, amount) => measure(label.replace("delve ", ""), amount);
    return (await chooseProducts(device, ["i32", "f32"], trial)).kernel;
  }

  test("are chosen by their speed", async () => {
    expect(await chosenBy((kernel) => (kernel === "i32" ? 30 : 20))).toBe("f32");
    expect(await chosenBy((kernel) => (kernel === "i32" ? 20 : 30))).toBe("i32");
    expect(await chosenBy(() => 20)).toBe("i32");
  });

  test("are timed twice, the better counts", async () => {
    const f32 = [40, 10];
    expect(await chosenBy((kernel) => (kernel === "i32" ? 20 : f32.shift()!))).toBe("f32");
  });

  test("are timed at as much work as a clock can tell, for all of them the same", async () => {
    // Milliseconds of the first by amount; and then two measurements of each at the last of them.
    for (const [milliseconds, last] of [
      [[0, 0.1, 1, 4.9, 5], 4],
      [[7], 0],
      [[0, 0, 0, 0, 0, 0, 0], 6],
    ] as const) {
      const asked: [string, number][] = [];
      await chosenBy((kernel, amount) => {
        asked.push([kernel, amount]);
        return milliseconds[amount]!;
      });
      const search = Array.from({ length: Math.min(last + 1, 6) }, (_, amount) => ["i32", amount]);
      const measured = ["i32", "i32", "f32", "f32"].map((kernel) => [kernel, last]);
      expect(asked).toEqual([...search, ...measured]);
    }
  });

  test("take a time, which is measured", async () => {
    const trial = new ProductTrial(device);
    const { pipeline } = await chooseProducts(device, ["f32"]);
    expect(await trial.time(pipeline, 0)).toBeGreaterThan(0);
    trial.dispose();
  });

  test("are those that the device has, or the one that is asked for", async () => {
    const hardware = changed(without("f32"), { adapterInfo: { isFallbackAdapter: false } });
    expect((await open({ device: hardware })).products).toBe("dot4");
    expect((await open({ device: hardware, gpu: WITHOUT_DOT4 })).products).toBe("i32");
    expect(others.map(({ products }) => products)).toEqual(["i32", "f32"]);
    const products = "f64" as "f32";
    await expect(open({ products })).rejects.toThrow(
      "openWebGPU: products must be one of auto, dot4, f32, i32, got f64",
    );
  });
});
