import { readFileSync } from "node:fs";
import { fixturePath, readCase } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import type { Statistic } from "../statistics/statistic.js";
import { CsvTable } from "../writers/csv-table.js";
import { extractLayerStat } from "./layer-stat.js";

const read = (path: string): string => readFileSync(fixturePath(`writers/${path}`), "utf8");

/** What Python Delve drew in one figure. */
interface Axes {
  readonly file: string;
  readonly ylabel: string;
  readonly lines: readonly { readonly y: readonly number[] }[];
}

describe("the CSV of Python Delve", () => {
  const { axes } = readCase<{ axes: Axes[] }>("writers/plot/case.json");
  const csv = read("plot/my_run.csv");

  test.each(axes)("what it drew in $file", ({ file, ylabel, lines }) => {
    const [, stat, phase, epoch] = /_([a-z]+)_(train|eval)_epoch_(\d+)\.png$/.exec(file)!;
    const found = extractLayerStat(csv, { stat, phase: phase as "train", epoch: Number(epoch) });
    expect(found.values).toEqual(lines[0]!.y);
    // Its own tick labels end before the second "_".
    expect(found.layers).toEqual(["features-0", "features-2", "conv_1", "fc"]);
    expect([found.label, found.epoch]).toEqual([ylabel, Number(epoch)]);
  });

  test("the last save if none is named, a statistic by its label", () => {
    const resumed = read("plot/my_run_after_resume.csv");
    expect(extractLayerStat(resumed).epoch).toBe(3);
    expect(extractLayerStat(resumed, { stat: "saturation" })).toEqual(extractLayerStat(resumed));
  });

  test("what its reconstruct_csv_from_npy_data wrote, matrices as text and all", () => {
    const found = extractLayerStat(read("npy_3_epochs/reconstruct_None_lsat.csv"), { stat: "trc", epoch: 1 });
    expect(Object.fromEntries(found.layers.map((layer, i) => [layer, found.values[i]]))).toEqual({
      fc: 1.3285466322754993,
      "features-0": 1.46337811220004,
      "features-2": 2.646413189088844,
    });
  });
});

describe("columns that Python Delve confuses", () => {
  interface Oddity {
    readonly name: string;
    readonly adds: readonly (readonly [column: string, value: number])[];
  }
  const { oddities } = readCase<{ oddities: Oddity[] }>("writers/plot/case.json");
  const csvOf = (name: string): string => {
    const table = new CsvTable();
    const { adds } = oddities.find((oddity) => oddity.name === name)!;
    table.append(
      0,
      adds.map(([column, value]) => ({ column, value })),
    );
    return table.toString();
  };

  test("a layer called evaluator is in its own phase's figure only", () => {
    const csv = csvOf("layer_called_evaluator");
    const evaluated = extractLayerStat(csv, { phase: "eval" });
    expect([evaluated.layers, evaluated.values]).toEqual([
      ["evaluator", "b"],
      [0.75, 0.125],
    ]);
    expect(extractLayerStat(csv).values).toEqual([0.5, 0.25]);
  });

  test("a user's number whose name looks like a statistic is none", () => {
    expect(extractLayerStat(csvOf("user_scalar_looks_like_stat")).layers).toEqual(["a"]);
  });

  test("a layer whose name holds accuracy is one", () => {
    expect(extractLayerStat(csvOf("user_scalar_train_saturation_mean")).layers).toEqual(["a", "a_accuracy"]);
  });

  test("a value that is missing leaves a gap", () => {
    const { layers, values } = extractLayerStat(csvOf("partly_nan"));
    expect([layers, values]).toEqual([
      ["a", "b"],
      [null, 0.5],
    ]);
  });

  test("with the user's numbers alone, it is said what there is", () => {
    expect(() => extractLayerStat(csvOf("only_user_scalars"))).toThrow(
      "extractLayerStat: the CSV must have columns of lsat (train), got one with no statistic",
    );
  });
});

test("names that the CSV holds escaped come back", () => {
  const layers = [
    "=cmd()",
    "a;b",
    'say "x"',
    "two\nlines",
    "🙂",
    "__proto__",
    "../x",
    "",
    "'=x",
    "x".repeat(300),
  ];
  const table = new CsvTable();
  table.append(
    0,
    layers.map((layer, i) => ({ column: `train-saturation_${layer}`, value: i })),
  );
  const found = extractLayerStat(table.toString());
  expect([found.layers, found.values]).toEqual([layers, layers.map((_, i) => i)]);
});

test("a save in two rows, infinities, a gap, what is no number", () => {
  const csv =
    ";train-covariance-determinant_a;train-covariance-determinant_b;c\n0;inf;;1\n0;-inf;True;\n2;;1e-05;2\n";
  expect(extractLayerStat(csv, { stat: "det", epoch: 0 }).values).toEqual([Number.NEGATIVE_INFINITY, null]);
  expect(extractLayerStat(csv, { stat: "det" })).toMatchObject({ epoch: 2, values: [null, 1e-5] });
});

test("a statistic of one's own", () => {
  const own: Statistic = { key: "top", label: "top_share", needs: ["values"], compute: () => 0 };
  const csv = ";train-top_share_fc\n0;0.5\n";
  expect(extractLayerStat(csv, { stat: own })).toMatchObject({ stat: "top", layers: ["fc"], values: [0.5] });
});

const csv = ";loss;train-saturation_a;eval-intrinsic-dimensionality_a\n3;1.0;0.5;2\n4;1.0;0.5;2\n";
test.each<[string, Parameters<typeof extractLayerStat>[1], string]>([
  [csv, { stat: "lsatt" }, 'did you mean "lsat"?'],
  [csv, { phase: "test" as "eval" }, 'phase must be "train" or "eval", got "test"'],
  [csv, { stat: "idim" }, "columns of idim (train), got one with lsat (train), idim (eval)"],
  [csv, { epoch: 2 }, "epoch must be one of the saves there are (3 to 4), got 2"],
  [csv, { epoch: Number.NaN }, "got NaN"],
  [";train-saturation_a\n", {}, "epoch must be one of the saves there are (none)"],
  ["", {}, "must be given the CSV of a run, got another text"],
  ["a,b\n1,2\n", {}, "extractLayerStat: must be given the CSV of a run"],
])("%j with %j is refused", (csv, options, message) => {
  expect(() => extractLayerStat(csv, options)).toThrow(message);
});
