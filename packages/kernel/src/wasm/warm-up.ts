import type { KernelExports } from "./kernel-exports.js";

/** Large enough that its inner loops are hot, small enough for a millisecond or two. */
const ORDER = 64;

/**
 * Solves one small eigenproblem, so that what follows finds code and not a module: V8 compiles a function when it is
 * first called, and begins to optimise it, on a thread of its own, once it has run for a while. Without
 * this, the first layer of 256 features takes four times as long as the next (benchmarks/cold-start.bench.mjs).
 */
export function warmUp(kernel: KernelExports): void {
  const work = kernel.allocate(kernel.dsyevBytes(ORDER, false)) >>> 0;
  if (work === 0) return;
  const input = kernel.dsyevInit(work, ORDER, false) >>> 0;
  const upper = new Float64Array(kernel.memory.buffer, input, (ORDER * (ORDER + 1)) / 2);
  // Eigenvalues that lie apart: those of equal ones need no iteration. Filled a row at a time, as a loop over the
  // elements takes a third of what the solution does.
  for (let row = 0, at = 0; row < ORDER; at += ORDER - row++) {
    upper.fill(1 / (row + 1), at, at + ORDER - row);
    upper[at] = row;
  }
  kernel.firstInfinite(input, upper.length);
  kernel.dsyev(work);
  kernel.release(work);
}
