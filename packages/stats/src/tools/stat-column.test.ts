import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { STATISTICS } from "../statistics/registry.js";
import { parseStatColumn, statColumn } from "./stat-column.js";

const labels = STATISTICS.map(({ label }) => label);

test.each([
  ["train-saturation_conv_1", "train", "saturation", "conv_1"],
  ["eval-intrinsic-dimensionality_fc", "eval", "intrinsic-dimensionality", "fc"],
  ["train-saturation_evaluator", "train", "saturation", "evaluator"],
  ["eval-saturation_train", "eval", "saturation", "train"],
  ["train-saturation_accuracy", "train", "saturation", "accuracy"],
  ["train-saturation_eval-saturation_x", "train", "saturation", "eval-saturation_x"],
  ["train-saturation__", "train", "saturation", "_"],
  ["train-saturation_", "train", "saturation", ""],
  ["train-saturation_two\nlines", "train", "saturation", "two\nlines"],
  ["_train-diagonal-trace_fc", "train", "diagonal-trace", "fc"],
])("%j is a statistic", (column, phase, label, layer) => {
  expect(parseStatColumn(column, labels)).toEqual({ phase, label, layer });
});

test.each([
  "loss",
  "train",
  "train-loss_a",
  "my-train-saturation",
  "train-saturation",
  "training-saturation_fc",
  "average-train-sat",
  "my_train-saturation_fc",
  "Train-saturation_fc",
  "__proto__",
])("%j is a user's own", (column) => {
  expect(parseStatColumn(column, labels)).toBeNull();
});

test("of labels that both fit, the longer one counts", () => {
  const own = ["saturation", "saturation_mean"];
  expect(parseStatColumn("train-saturation_mean_fc", own)?.layer).toBe("fc");
  expect(parseStatColumn("train-saturation_mean_fc", [...own].reverse())?.layer).toBe("fc");
  expect(parseStatColumn("train-saturation_meanest", own)?.layer).toBe("meanest");
});

test("every layer's name comes back", () => {
  const layers = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(
      layers,
      fc.constantFrom(...labels),
      fc.constantFrom("train", "eval"),
      (layer, label, phase) => {
        const parts = { phase, label, layer } as const;
        expect(parseStatColumn(statColumn(parts), labels)).toEqual(parts);
      },
    ),
  );
});
