import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isRequired, seededRandom } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import type { KernelExports } from "../src/wasm/kernel-exports.js";
import { keepsLoadsInPlace, supportsSimd } from "../src/wasm/simd-support.js";
import { type WebAssemblyApi, webAssembly } from "../src/wasm/web-assembly.js";

// Which tile is faster depends on the engine, so the tile must not show in a result.
const api = webAssembly() as WebAssemblyApi;
const isRelaxed = supportsSimd(api, "relaxed") || isRequired("relaxed-simd");

describe.skipIf(!isRelaxed)("wide tiles in the relaxed build", () => {
  it.each([1, 4, 8, 9, 12, 60, 64, 67, 130, 140])("give the same bits for %i features", async (features) => {
    expect(await scatter(features, true)).toEqual(await scatter(features, false));
  });
});

it("are used where V8 keeps loads in place", () => {
  const major = Number(process.versions.v8.split(".")[0]);
  expect(keepsLoadsInPlace()).toBe(major >= 13);
});

/** The upper triangle that a fresh kernel accumulates from seeded samples. */
async function scatter(features: number, wide: boolean): Promise<Float64Array> {
  const file = fileURLToPath(new URL("../../../build/kernel.relaxed-simd.wasm", import.meta.url));
  const instance = await api.instantiate(await api.compile(readFileSync(file)));
  const kernel = instance.exports as KernelExports;
  kernel.useWideTiles(wide);
  const random = seededRandom(features);
  const rows = 300;
  const moments = kernel.allocate(kernel.momentsBytes(features));
  const x = kernel.allocate(rows * features * 8);
  const length = (features * (features + 1)) / 2;
  const out = kernel.allocate(length * 8);
  const samples = Float64Array.from({ length: rows * features }, () => random.normal());
  new Float64Array(kernel.memory.buffer).set(samples, x / 8);
  kernel.momentsInit(moments, features);
  kernel.momentsUpdateF64(moments, x, rows, features * 8, 8, rows, 0);
  kernel.momentsFlush(moments);
  kernel.momentsGetScatter(moments, 0, features, out);
  return new Float64Array(kernel.memory.buffer, out, length).slice();
}
