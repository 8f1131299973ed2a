import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadKernel } from "../load.js";
import type { KernelBuilds } from "./kernel-builds.js";
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

const FORBIDDEN = {
  ...api,
  compile: () => Promise.reject(new Error("Wasm code generation disallowed by embedder")),
};

const BUILDS = { workerd: ["plain", "relaxed"], "edge-light": ["plain"] } as const;

describe.each(Object.entries(BUILDS))("where modules are compiled on deployment: %s", (where, builds) => {
  const load = async () =>
    ((await import(`./kernel-builds-${where}.ts`)) as { kernelBuilds: KernelBuilds }).kernelBuilds;

  test.each(builds)("the build %s is a module, and no bytes are compiled", async (simd) => {
    const module = await (await load())[simd]!(FORBIDDEN);
    if (!supportsSimd(api, simd)) return expect(module).toBe(relaxed.default);
    expect((await loadKernel({ module })).simd).toBe(simd);
  });

  test("there are no more", async () => {
    expect(Object.keys(await load())).toEqual(builds);
  });
});

describe("where there is only the plain build", () => {
  afterEach(() => {
    vi.doUnmock("#kernel-builds");
    vi.resetModules();
  });

  test("it is taken, and the relaxed one is refused", async () => {
    vi.resetModules();
    vi.doMock("#kernel-builds", () => ({ kernelBuilds: { plain: async () => plain.default } }));
    const fresh = await import("../load.js");
    expect((await fresh.loadKernel()).simd).toBe("plain");
    await expect(fresh.loadKernel({ simd: "relaxed" })).rejects.toThrow(
      /^loadKernel: needs (the build relaxed, got a platform|WebAssembly with relaxed SIMD)/,
    );
  });
});
