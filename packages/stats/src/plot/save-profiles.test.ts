import { expect, test } from "vitest";
import { svgTexts } from "../../test/support/svg-texts.js";
import type { SaveRecord, StatRecord } from "../records.js";
import { layerProfile } from "./layer-profile.js";
import { compareProfiles, saveProfiles } from "./save-profiles.js";

const stat = (part: Partial<StatRecord>): StatRecord => ({
  kind: "stat",
  phase: "train",
  layer: "fc",
  index: 0,
  stat: "lsat",
  label: "saturation",
  value: 0.5,
  samples: 100,
  features: 8,
  undersampled: false,
  ...part,
});
const saved = (epoch: number, ...records: SaveRecord["records"]): SaveRecord => ({ epoch, time: 0, records });
const options = { run: "mlp", threshold: 0.999 };

test("gives one figure a statistic and phase, layers in forward order", () => {
  const figures = saveProfiles(
    saved(
      3,
      stat({ layer: "out", index: 1, value: 0.9, undersampled: true }),
      stat({ layer: "in", index: 0, value: 0.2 }),
      stat({ phase: "eval", value: 0.3, samples: 20 }),
      stat({ stat: "idim", label: "intrinsic-dimensionality", value: 4, integer: true }),
    ),
    options,
  );
  expect(figures.map(({ stat, phase, epoch }) => [stat, phase, epoch])).toEqual([
    ["lsat", "train", 3],
    ["lsat", "eval", 3],
    ["idim", "train", 3],
  ]);
  expect(figures[0]!.profile).toEqual({
    title: "mlp · saturation · train · epoch 3",
    subtitle: "share of feature directions that carry 99.9 % of the variance",
    valueLabel: "saturation",
    valueScale: "share",
    layers: ["in", "out"],
    series: [
      { name: "train", epoch: 3, values: [0.2, 0.9], samples: [100, 100], undersampled: [false, true] },
    ],
  });
  expect(figures[2]!.profile).toMatchObject({ valueLabel: "intrinsic dimensionality", valueScale: "count" });
});

test("leaves out matrices and what has no value anywhere", () => {
  const matrix = { rows: 1, columns: 1, data: Float64Array.of(1) };
  const save = saved(
    0,
    stat({ stat: "cov", value: matrix }),
    stat({ stat: "lsat", value: null }),
    stat({ stat: "det", value: Number.POSITIVE_INFINITY }),
    { kind: "scalar", name: "loss", value: 1 },
  );
  expect(saveProfiles(save, options)).toEqual([]);
});

test("a layer without a value keeps its place", () => {
  const save = saved(0, stat({ layer: "a", index: 0, value: null }), stat({ layer: "b", index: 1 }));
  const { layers, series } = saveProfiles(save, options)[0]!.profile;
  expect([layers, series[0]!.values]).toEqual([
    ["a", "b"],
    [null, 0.5],
  ]);
});

test("earlier saves stand behind, matched by place, not by name", () => {
  const earlier = [
    saved(1, stat({ layer: "same", index: 1, value: 0.1 })),
    saved(2, stat({ phase: "eval" })),
  ];
  const save = saved(3, stat({ layer: "same", index: 0 }), stat({ layer: "same", index: 1 }));
  const { series } = saveProfiles(save, { ...options, earlier })[0]!.profile;
  expect(series.map(({ epoch, values }) => [epoch, values])).toEqual([
    [1, [null, 0.1]],
    [2, [null, null]],
    [3, [0.5, 0.5]],
  ]);
});

test("the primary metric is in the subtitle, the last one where it was added twice", () => {
  const scalar = (value: number) => ({ kind: "scalar", name: "accuracy", value }) as const;
  const save = saved(0, scalar(0.1), stat({ stat: "trc", label: "covariance-trace" }), scalar(0.912345));
  expect(saveProfiles(save, { ...options, primaryMetric: "accuracy" })[0]!.profile.subtitle).toBe(
    "accuracy = 0.9123",
  );
  expect(saveProfiles(save, { ...options, primaryMetric: "missing" })[0]!.profile.subtitle).toBe("");
});

test("compares the phases of a statistic that has both, layers of either in forward order", () => {
  const save = saved(
    3,
    stat({ layer: "in", index: 0, value: 0.2 }),
    stat({ layer: "out", index: 2, value: 0.9 }),
    stat({ phase: "eval", layer: "mid", index: 1, value: 0.3, samples: 20, undersampled: true }),
    stat({ phase: "eval", layer: "out", index: 2, value: 0.8, samples: 200 }),
    stat({ stat: "trc", label: "covariance-trace" }),
  );
  const earlier = [saved(2, stat({ layer: "in", value: 0.1 }))];
  const figures = compareProfiles(save, { ...options, earlier });
  expect(figures.map(({ stat, epoch }) => [stat, epoch])).toEqual([["lsat", 3]]);
  expect(figures[0]!.profile).toMatchObject({
    title: "mlp · saturation · train, eval · epoch 3",
    layers: ["in", "mid", "out"],
    series: [
      { name: "train", epoch: 2, values: [0.1, null, null] },
      { name: "train", epoch: 3, values: [0.2, null, 0.9] },
      { name: "eval", epoch: 2, values: [null, null, null] },
      { name: "eval", epoch: 3, values: [null, 0.3, 0.8], undersampled: [false, true, false] },
    ],
  });
  // A phase that a layer has no samples in says nothing about n.
  expect(svgTexts(layerProfile(figures[0]!.profile)).map(({ text }) => text)).toContain(
    "share of feature directions that carry 99.9 % of the variance · n = 20–200",
  );
});
