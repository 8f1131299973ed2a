import { describe, expect, it } from "vitest";
import { openRoutines } from "./routines.js";

describe("the kernel's allocator", () => {
  it("hands out cache lines that do not overlap", () => {
    const { kernel } = openRoutines();
    const sizes = [0, 1, 64, 65, 1000, 100_000];
    const blocks = sizes.map((size) => ({ at: kernel.allocate(size), size }));
    for (const [i, { at, size }] of blocks.entries()) {
      expect(at % 64).toBe(0);
      expect(at).toBeGreaterThan(0);
      const next = blocks[i + 1];
      if (next) expect(next.at).toBeGreaterThanOrEqual(at + size);
    }
  });

  it("uses again what was given back, whatever the order", () => {
    const { kernel } = openRoutines();
    const used = kernel.memoryInUse();
    const blocks = Array.from({ length: 10 }, () => kernel.allocate(50_000));
    const size = kernel.memory.buffer.byteLength;
    for (const i of [3, 1, 2, 9, 0, 8, 4, 6, 5, 7]) kernel.release(blocks[i]!);
    expect(kernel.memoryInUse()).toBe(used);
    // Only as one piece is the room large enough.
    expect(kernel.allocate(10 * 50_000)).toBe(blocks[0]);
    expect(kernel.memory.buffer.byteLength).toBe(size);
  });

  it("splits a large hole", () => {
    const { kernel } = openRoutines();
    const hole = kernel.allocate(10_000);
    kernel.allocate(64);
    kernel.release(hole);
    expect(kernel.allocate(64)).toBe(hole);
    expect(kernel.allocate(64)).toBe(hole + 128);
  });

  it("answers 0 where there is no room, and goes on", () => {
    const { kernel } = openRoutines();
    kernel.limitMemory(1 << 20);
    expect(kernel.allocate(1 << 20)).toBe(0);
    expect(kernel.allocate(2 ** 32)).toBe(0);
    expect(kernel.allocate(2 ** 60)).toBe(0);
    expect(kernel.allocate(Number.NaN)).toBe(0);
    expect(kernel.allocate(1 << 19)).toBeGreaterThan(0);
    kernel.release(0);
  });
});
