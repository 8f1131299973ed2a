import { expect, test } from "vitest";
import type { StatRecord } from "../records.js";
import { PrintWriter, saveAsText } from "./print-writer.js";

const record = (layer: string, index: number, more: Partial<StatRecord>): StatRecord => ({
  kind: "stat",
  phase: "train",
  layer,
  index,
  stat: "lsat",
  label: "saturation",
  value: 0.5,
  samples: 1000,
  features: 32,
  undersampled: false,
  ...more,
});
const idim = { stat: "idim", label: "intrinsic-dimensionality", integer: true };

test("layers are rows, statistics of each phase columns, scalars in the title", () => {
  const text = saveAsText({
    epoch: 3,
    time: 0,
    records: [
      { kind: "scalar", name: "loss", value: 0.123 },
      record("conv1", 0, { value: 0.46875 }),
      record("conv1", 0, { ...idim, value: 15 }),
      record("out", 1, { features: 10, value: 0.9, samples: 64, undersampled: true }),
      record("out", 1, { ...idim, features: 10, value: 9, samples: 64, undersampled: true }),
      record("conv1", 0, { phase: "eval", value: 0.4375, samples: 500 }),
      record("conv1", 0, { ...idim, phase: "eval", value: 14, samples: 500 }),
      record("out", 1, { phase: "eval", features: 10, value: null, samples: 0, undersampled: true }),
      record("out", 1, { ...idim, phase: "eval", features: 10, value: null, samples: 0, undersampled: true }),
    ],
  });
  expect(text.split("\n")).toEqual([
    "epoch 3   loss 0.1230",
    "                      train                              eval",
    "                                 intrinsic-                        intrinsic-",
    "layer  features  saturation  dimensionality     n  saturation  dimensionality    n",
    "conv1        32     0.4688              15   1000     0.4375              14   500",
    "out          10     0.9000*              9*    64          -               -     0",
    "* from fewer than 10 samples a feature: the value is limited by the data",
  ]);
});

test("layers in the order of their first forward pass, names on one line and without control characters", () => {
  const records = [record("b", 1, {}), record("a\n\x1b[31mx", 0, { phase: "eval" })];
  const lines = saveAsText({ epoch: 0, time: 0, records }).split("\n");
  expect(lines.slice(3).map((line) => line.split("  ")[0])).toEqual(["a [31mx", "b"]);
});

test("values of any size, and matrices by their size", () => {
  const values = [0, 1e-9, 123456.7, Infinity, { rows: 2, columns: 3, data: new Float64Array(6) }];
  const records = values.map((value, index) => record(`l${index}`, index, { value }));
  const lines = saveAsText({ epoch: 0, time: 0, records }).split("\n").slice(3);
  expect(lines.map((line) => line.split(/\s+/)[2])).toEqual([
    "0.0000",
    "1.000e-9",
    "1.235e+5",
    "Infinity",
    "2×3",
  ]);
});

test("prints where it is told to", () => {
  const printed: string[] = [];
  new PrintWriter({ print: (text) => printed.push(text) }).write({ epoch: 1, time: 0, records: [] });
  expect(printed).toEqual(["epoch 1"]);
  expect(() => new PrintWriter({ print: 3 as never })).toThrow("writerArgs.print: must be a function, got 3");
});
