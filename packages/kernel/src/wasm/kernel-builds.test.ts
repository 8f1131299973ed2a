import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { loadKernel } from "../load.js";
import type { KernelBuilds } from "./kernel-builds.js";
import type { Simd } from "./simd-support.js";
import { supportsSimd } from "./simd-support.js";
import { webAssembly } from "./web-assembly.js";

const api = webAssembly()!;

/** What the platforms that compile on deployment do: an import of a Wasm file is a compiled module. */
const compiled = (target: string) =>
  api.compile(readFileSync(new URL(`../../../../build/kernel.${target}.wasm`, import.meta.url)));
const plain = { default: await compiled("simd") };
const relaxed = { default: supportsSimd(api, "relaxed") ? await compiled("relaxed-simd") : {} };

vi.mock("./kernel.wasm", () => plain);
vi.mock("./kernel-relaxed.wasm", () => relaxed);
vi.mock("./kernel.wasm?module", () => plain);
vi.mock("./kernel-relaxed.wasm?module", () => relaxed);

const FORBIDDEN = {
  ...api,
  compile: () => Promise.reject(new Error("Wasm code generation disallowed by embedder")),
};

describe.each(["workerd", "edge-light"])("where modules are compiled on deployment: %s", (where) => {
  const load = async () =>
    ((await import(`./kernel-builds-${where}.ts`)) as { kernelBuilds: KernelBuilds }).kernelBuilds;

  test.each<Simd>(["plain", "relaxed"])(
    "the build %s is a module, and no bytes are compiled",
    async (simd) => {
      const module = await (await load())[simd](FORBIDDEN);
      if (!supportsSimd(api, simd)) return expect(module).toBe(relaxed.default);
      expect((await loadKernel({ module })).simd).toBe(simd);
    },
  );
});
