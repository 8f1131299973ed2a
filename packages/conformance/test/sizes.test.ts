import process from "node:process";
import { expect, test } from "vitest";
import { publicPackages, ROOT, run } from "../src/packages.js";

// Budgets, and what has to be loaded later, stand in scripts/sizes.mjs.
const built = publicPackages().every((entry) => entry.built);

test.skipIf(!built)(
  "packages, and what a page loads, stay within their budgets",
  { timeout: 180_000 },
  () => {
    const printed = run(ROOT, process.execPath, "scripts/sizes.mjs", "--check");
    const cells = /saturation } from "@delve\/core"` \| ([\d.]+) kB \(\d+\) \| ([\d.]+) kB \((\d+)\)/.exec(
      printed,
    );
    const [loaded, file, budget] = (cells ?? []).slice(1).map(Number);
    expect(loaded).toBeGreaterThan(10);
    expect(file).toBeGreaterThanOrEqual(loaded!);
    expect(budget).toBe(40);
  },
);
