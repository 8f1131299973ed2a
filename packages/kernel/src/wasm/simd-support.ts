import type { WebAssemblyApi } from "./web-assembly.js";

/**
 * Which of its two builds the kernel runs as. `plain`: multiplications and additions are rounded each, so that results
 * have the same bits on every machine. `relaxed`: fused where the processor has it, which is faster and, in the last
 * bits, up to the machine. Every stated bound holds for both.
 */
export type Simd = "plain" | "relaxed";

/** The fastest of these builds that the engine can run, or undefined where it can run none. */
export function fastestSimd(api: WebAssemblyApi, builds: readonly Simd[]): Simd | undefined {
  return FASTEST_FIRST.find((simd) => builds.includes(simd) && supportsSimd(api, simd));
}

const FASTEST_FIRST: readonly Simd[] = ["relaxed", "plain"];

/** Whether the engine accepts the instructions of a build. */
export function supportsSimd(api: WebAssemblyApi, simd: Simd): boolean {
  return api.validate(probe(simd === "relaxed" ? RELAXED_MADD : []));
}

/**
 * Whether the engine leaves loads where a module has them, told by its age: V8 12 gathers those of a basic block at its
 * front, V8 13.6 does not, and has arrays of half precision, which the other lacks. A wrong guess costs speed only.
 */
export function keepsLoadsInPlace(): boolean {
  return "Float16Array" in globalThis;
}

/** i32.const 0, i32x4.splat */
const ZERO = [0x41, 0x00, 0xfd, 0x11];
/** Two operands more, f64x2.relaxed_madd */
const RELAXED_MADD = [...ZERO, ...ZERO, 0xfd, 0x87, 0x02];

/** The smallest module with a function of type () → v128 that consists of ZERO and these instructions. */
function probe(instructions: readonly number[]): Uint8Array {
  const body = [0x00, ...ZERO, ...instructions, 0x0b];
  const code = [0x01, body.length, ...body];
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const type = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b];
  return Uint8Array.of(...header, ...type, 0x03, 0x02, 0x01, 0x00, 0x0a, code.length, ...code);
}
