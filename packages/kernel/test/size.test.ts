import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

// The kernel is part of what a page downloads.
test.each(["simd", "relaxed-simd"])("the build %s has at most 24 KiB, 10 KiB compressed", (target) => {
  const bytes = readFileSync(fileURLToPath(new URL(`../../../build/kernel.${target}.wasm`, import.meta.url)));
  expect(bytes.length).toBeLessThanOrEqual(24 * 1024);
  expect(gzipSync(bytes).length).toBeLessThanOrEqual(10 * 1024);
});
