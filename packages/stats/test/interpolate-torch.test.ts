import { spawnSync } from "node:child_process";
import { findOutside } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { interpolate } from "../src/sampling/interpolate.js";
import { INTERPOLATION_STRATEGIES } from "../src/sampling/resample-table.js";

// An installed PyTorch, asked for more sizes than the fixtures hold: in float64, where only the order of the sums may
// differ, but float32 for the nearest kinds, because there the precision of the data can decide which place is taken.
const python = findOutside("torch");
const SIZES = [1, 2, 3, 5, 8, 14, 31, 32, 46];
const MAPS = [
  [1, 1],
  [2, 41],
  [7, 3],
  [14, 14],
  [33, 29],
  [46, 64],
] as const;

const SCRIPT = `
import json, sys, torch
out = []
for case in json.load(sys.stdin):
    h, w = case["map"]
    dtype = torch.float32 if case["strategy"].startswith("nearest") else torch.float64
    x = (torch.arange(2 * h * w, dtype=dtype) * 37 % 101).reshape(1, 2, h, w)
    y = torch.nn.functional.interpolate(x, size=case["size"], mode=case["strategy"])
    out.append(y.flatten().tolist())
json.dump(out, sys.stdout)
`;

describe.skipIf(python === null)("interpolate beside an installed PyTorch", () => {
  const cases = INTERPOLATION_STRATEGIES.flatMap((strategy) =>
    MAPS.flatMap((map) => SIZES.map((size) => ({ strategy, map, size }))),
  );

  test(`${cases.length} combinations of strategy, map and size`, () => {
    const run = spawnSync(python!, ["-c", SCRIPT], {
      input: JSON.stringify(cases),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    expect(run.stderr).toBe("");
    const expected = JSON.parse(run.stdout) as number[][];
    for (const [i, { strategy, map, size }] of cases.entries()) {
      const data = Float64Array.from({ length: 2 * map[0] * map[1] }, (_, k) => (k * 37) % 101);
      const output = { data, shape: [1, 2, ...map], layout: "channelsFirst" } as const;
      const actual = Array.from(interpolate(output, size, strategy).data);
      const worst = actual.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[i]![k]!)), 0);
      expect(worst, `${strategy} ${map} to ${size}`).toBeLessThanOrEqual(
        strategy.startsWith("nearest") ? 0 : 1e-12,
      );
    }
  });
});
