import { afterEach, describe, expect, it, vi } from "vitest";
import { BackendUnavailableError } from "../errors.js";
import { decodeBase64 } from "./base64.js";
import { supportsSimd } from "./simd-support.js";
import type { WebAssemblyApi } from "./web-assembly.js";

const real = (globalThis as unknown as { WebAssembly: Record<string, unknown> }).WebAssembly;

/** A property of the engine that runs this test. */
const HAS_RELAXED = supportsSimd(real as unknown as WebAssemblyApi, "relaxed");

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A fresh copy of the loader, which has compiled nothing yet. */
async function loader() {
  const { loadKernel } = await import("../load.js");
  return loadKernel;
}

async function messageOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.name).toBe(BackendUnavailableError.name);
  return error?.message ?? "";
}

describe("loadKernel", () => {
  it("compiles once and instantiates for every call", async () => {
    const compile = vi.fn(real["compile"] as (bytes: Uint8Array) => Promise<object>);
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), compile });
    const loadKernel = await loader();
    const [one, other] = await Promise.all([loadKernel(), loadKernel()]);
    expect(compile).toHaveBeenCalledTimes(1);
    one.dispose();
    other.createMoments(3).dispose();
  });

  it("says so where there is no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(await messageOf((await loader())())).toMatch(
      /^loadKernel: needs WebAssembly, got a platform without it/,
    );
  });

  it("says so where there is no SIMD", async () => {
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), validate: () => false });
    expect(await messageOf((await loader())())).toMatch(/needs WebAssembly with 128-bit SIMD/);
  });

  it("says so where a policy forbids compiling, and tries again at the next call", async () => {
    const refusal = () =>
      Promise.reject(new Error("violates the following Content Security policy directive"));
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), compile: refusal });
    const loadKernel = await loader();
    expect(await messageOf(loadKernel())).toMatch(/'wasm-unsafe-eval'.*got violates the following/);
    vi.stubGlobal("WebAssembly", real);
    await expect(loadKernel()).resolves.toHaveProperty("name", "wasm");
  });

  it("says so where there is no relaxed SIMD and it is asked for", async () => {
    const validate = real["validate"] as (bytes: Uint8Array) => boolean;
    const plainOnly = (bytes: Uint8Array) => !isRelaxedProbe(bytes) && validate(bytes);
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), validate: plainOnly });
    const loadKernel = await loader();
    expect(await messageOf(loadKernel({ simd: "relaxed" }))).toMatch(/needs WebAssembly with relaxed SIMD/);
    expect((await loadKernel()).simd).toBe("plain");
  });

  it("loads the build that is asked for, each compiled once", async () => {
    const compile = vi.fn(real["compile"] as (bytes: Uint8Array) => Promise<object>);
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), compile });
    const loadKernel = await loader();
    expect((await loadKernel({ simd: "plain" })).simd).toBe("plain");
    expect((await loadKernel({ simd: "plain" })).simd).toBe("plain");
    expect((await loadKernel()).simd).toBe(HAS_RELAXED ? "relaxed" : "plain");
    expect(compile).toHaveBeenCalledTimes(HAS_RELAXED ? 2 : 1);
  });

  it("refuses a build that there is not", async () => {
    const loadKernel = await loader();
    expect(await messageOf(loadKernel({ simd: "avx" as "plain" }))).toBe(
      "loadKernel: simd must be one of auto, plain, relaxed, got avx",
    );
  });

  it("takes a module that is compiled already", async () => {
    const { kernelBase64 } = await import("./kernel-simd.generated.js");
    const compile = real["compile"] as (bytes: Uint8Array) => Promise<object>;
    const module = await compile(decodeBase64(kernelBase64));
    const forbidden = () => Promise.reject(new Error("no compiling here"));
    vi.stubGlobal("WebAssembly", { ...functionsOf(real), compile: forbidden });
    const backend = await (await loader())({ module });
    expect(backend.simd).toBe("plain");
    expect(backend.eigvalsh({ order: 1, upper: Float64Array.of(3) })).toEqual(Float64Array.of(3));
  });

  it.each([0, -1, Number.NaN])("refuses a maxMemory of %d", async (maxMemory) => {
    await expect((await loader())({ maxMemory })).rejects.toThrow(
      /maxMemory must be a positive number of bytes, got/,
    );
  });
});

/** The members of WebAssembly, which are not enumerable. */
function functionsOf(api: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.getOwnPropertyNames(api).map((name) => [name, api[name]]));
}

/** Whether these bytes end with f64x2.relaxed_madd. */
function isRelaxedProbe(bytes: Uint8Array): boolean {
  return Buffer.from(bytes)
    .subarray(-4)
    .equals(Buffer.of(0xfd, 0x87, 0x02, 0x0b));
}
