import { readFileSync } from "node:fs";
import process from "node:process";
import asc from "assemblyscript/asc";
import { timed } from "./clock.mjs";
import { sink } from "./measure.mjs";

const STEPS = 20_000;
const OPERATIONS = 48 * STEPS;
/** A sample is the best of so many, each half a millisecond: what else runs must not lower the peak. */
const TRIES = 20;

/**
 * A way to measure what 128-bit arithmetic can do at this moment, compiled as the kernel is (lib/peak.ts).
 *
 * @param {"plain" | "relaxed"} simd - Multiplications and additions, or fused.
 * @returns {Promise<() => number>} Takes ten milliseconds, answers GFLOP/s.
 */
export async function openPeak(simd) {
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(await compile(simd)));
  const once = () => timed(() => (sink.value += exports.peak(STEPS, 0.999, 0.001)));
  return () => OPERATIONS / 1e6 / Math.min(...Array.from({ length: TRIES }, once));
}

async function compile(simd) {
  const source = readFileSync(new URL("./peak.ts", import.meta.url), "utf8");
  let binary;
  const options = [
    "peak.ts",
    "-o",
    "peak.wasm",
    "-O3",
    "--noAssert",
    "--runtime",
    "stub",
    "--enable",
    "simd",
  ];
  const relaxed = simd === "relaxed" ? ["--enable", "relaxed-simd"] : [];
  const { error, stderr } = await asc.main([...options, ...relaxed], {
    readFile: (name) => (name === "peak.ts" ? source : null),
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error)
    throw new Error(`peak: lib/peak.ts must compile, got ${error.message}\n${stderr ?? process.version}`);
  return binary;
}
