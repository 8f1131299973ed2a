// Delve's plots of the same network: which figures there are, what they are called and what they show.

import { readFileSync } from "node:fs";
import { fixturePath, readCase, readFloats } from "@delve/conformance";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test, vi } from "vitest";
import type { TrackerOptions } from "../src/options.js";
import type { LayerProfile } from "../src/plot.js";
import type { Phase } from "../src/records.js";
import { memoryStorage } from "../src/storage/memory-storage.js";
import type { Storage } from "../src/storage/storage.js";
import { SaturationTracker } from "../src/tracker.js";
import { PlotWriter, type PlotWriterOptions } from "../src/writers/plot-writer.js";
import { saveOf, scalar, stat, writeRun } from "./support/saves.js";

interface Axes {
  readonly file: string;
  readonly ylabel: string;
  readonly lines: readonly { readonly y: readonly number[] }[];
  readonly texts: readonly { readonly s: string }[];
}

interface PlotCase {
  readonly stats: readonly string[];
  readonly epochs: readonly (readonly {
    readonly state: Phase;
    readonly layer: string;
    readonly batch: string;
  }[])[];
  readonly tree: readonly string[];
  readonly axes: readonly Axes[];
  readonly after_resume: { readonly tree: readonly string[] };
  readonly all_stats_train_only: {
    readonly options: { readonly stats: readonly string[] };
    readonly tree: readonly string[];
  };
  readonly embed: {
    readonly options: { readonly stats: readonly string[] };
    readonly tree: readonly string[];
  };
}

const golden = readCase<PlotCase>("writers/plot/case.json");
const SCALARS = [
  { accuracy: 0.3125, loss: Math.LN10 },
  { accuracy: 0.55, loss: 1.1 },
  { accuracy: 0.7, loss: 0.30000000000000004 },
  { accuracy: 0.8, loss: 0.1 },
];

interface Drawn extends LayerProfile {
  readonly about: { readonly stat: string; readonly phase: Phase; readonly epoch: number };
}

/** Runs saves `from` … `to` − 1 of the golden case through a tracker; gives the figures as they were to be drawn. */
async function track(
  storage: Storage,
  [from, to]: readonly [number, number],
  { writerArgs, ...options }: Partial<TrackerOptions> & { writerArgs?: PlotWriterOptions } = {},
  phases: readonly Phase[] = ["train", "eval"],
): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  const tracker = await SaturationTracker.open({
    backend: referenceBackend(),
    savePath: "out/my_run",
    saveTo: "csvplot",
    stats: golden.stats,
    idimRule: "delve",
    storage,
    initialEpoch: from,
    writerArgs: {
      formats: ["svg"],
      decorate: (profile: LayerProfile, about: Drawn["about"]) => {
        drawn.push({ ...profile, about });
        return profile;
      },
      ...writerArgs,
    },
    ...options,
  });
  for (let epoch = from; epoch < to; epoch++) {
    for (const { state: phase, layer, batch } of golden.epochs[epoch]!) {
      if (!phases.includes(phase)) continue;
      const { data, shape } = readFloats(`writers/plot/${batch}`);
      tracker.record(layer, { data, shape }, { phase });
    }
    for (const [name, value] of Object.entries(SCALARS[epoch]!)) tracker.addScalar(name, value);
    await tracker.addSaturations();
  }
  await tracker.close();
  return drawn;
}

/** Names of the figures; Delve's are PNG, and drawing them takes longer. */
const figureNames = (paths: readonly string[]) =>
  paths
    .filter((path) => /_epoch_\d+\.(png|svg)$/.test(path))
    .map((path) => path.slice(path.lastIndexOf("/") + 1).replace(/\.(png|svg)$/, ""))
    .sort();

describe("the golden run", () => {
  test.each(["csvplot", "plotcsv", "csvplotting", "plot"])(
    "saved to %s: Delve's figures, beside Delve's CSV",
    async (saveTo) => {
      const storage = memoryStorage();
      await track(storage, [0, 3], { saveTo });
      expect(figureNames(await storage.list(""))).toEqual(figureNames(golden.tree));
      const csv = new TextDecoder().decode((await storage.read("out/my_run.csv"))!);
      expect(csv).toBe(readFileSync(fixturePath("writers/plot/my_run.csv"), "utf8"));
    },
  );

  test("figures are in the folder of the run, not beside it", async () => {
    const storage = memoryStorage();
    await track(storage, [0, 1]);
    const paths = await storage.list("");
    expect(paths.filter((path) => !path.startsWith("out/my_run/"))).toEqual(["out/my_run.csv"]);
  });

  test("show Delve's values, layers in its order under their whole names, and the metric", async () => {
    const drawn = await track(memoryStorage(), [0, 3], { writerArgs: { primaryMetric: "accuracy" } });
    expect(golden.axes).toHaveLength(12);
    for (const { file, ylabel, lines, texts } of golden.axes) {
      const [, stat, phase, epoch] = /_(lsat|idim)_(train|eval)_epoch_(\d+)\.png$/.exec(file)!;
      const figure = drawn.find(
        ({ about }) => about.stat === stat && about.phase === phase && about.epoch === Number(epoch),
      )!;
      expect(figure.series.map(({ values }) => values)).toEqual(lines.map(({ y }) => y));
      expect(figure.layers).toEqual(["features-0", "features-2", "conv_1", "fc"]);
      expect(figure.title).toBe(`my_run · ${ylabel.replaceAll("-", " ")} · ${phase} · epoch ${epoch}`);
      expect(figure.subtitle).toContain(texts[0]!.s.replace(": ", " = "));
    }
  });

  test("goes on with initialEpoch: figures are numbered on, earlier ones are left as they are", async () => {
    const storage = memoryStorage();
    await track(storage, [0, 3]);
    const before = await storage.read("out/my_run/my_run_lsat_train_epoch_1.svg");
    await track(storage, [3, 4]);
    expect(figureNames(await storage.list(""))).toEqual(figureNames(golden.after_resume.tree));
    expect(await storage.read("out/my_run/my_run_lsat_train_epoch_1.svg")).toEqual(before);
  });

  test("without eval there is no eval figure, where Delve draws an empty one", async () => {
    const storage = memoryStorage();
    const { options, tree } = golden.all_stats_train_only;
    await track(storage, [0, 1], { stats: options.stats, savePath: "out/all_stats_train_only" }, ["train"]);
    const expected = figureNames(tree).filter((name) => !name.includes("_eval_"));
    expect(expected).toHaveLength(options.stats.length);
    expect(figureNames(await storage.list(""))).toEqual(expected);
  });

  test("embed has no figure, where Delve draws the first layer of the first save again and again", async () => {
    const storage = memoryStorage();
    const { options, tree } = golden.embed;
    await track(storage, [0, 2], { stats: options.stats, savePath: "out/embed" });
    const [known, odd] = [true, false].map((keep) =>
      figureNames(tree).filter((name) => !name.startsWith("embed_embed") === keep),
    );
    expect(odd).toEqual(["embed_embed_train_epoch_15", "embed_embed_train_epoch_7"]);
    expect(figureNames(await storage.list(""))).toEqual(known);
  });
});

describe("writerArgs", () => {
  test("figsize and fontsize reach the figure by way of the tracker", async () => {
    const storage = memoryStorage();
    await track(storage, [0, 1], { writerArgs: { figsize: [10, 6], fontsize: 12 } });
    const svg = new TextDecoder().decode((await storage.read("out/my_run/my_run_lsat_train_epoch_0.svg"))!);
    expect(svg).toMatch(/^<svg [^>]* width="960" height="576" /);
    expect(svg).toContain('font-size="24"');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["primary_metric", { primary_metric: "accuracy" }, 'got "primary_metric"; did you mean "primaryMetric"?'],
    ["an unknown one", { figuresize: [8, 5] }, 'got "figuresize"; did you mean "figsize"?'],
    [
      "one of a wrong kind",
      { figsize: "8x5" },
      'writerArgs.figsize: must be two positive numbers of inches, got "8x5"',
    ],
  ])("%s is refused when the tracker is opened", async (_, writerArgs, message) => {
    await expect(track(memoryStorage(), [0, 1], { writerArgs })).rejects.toThrow(message);
  });
});

describe("what Delve stumbles over", () => {
  /** Paths and figures after one save of these records. */
  async function plotted(
    records: Parameters<typeof saveOf>[1][],
    options: PlotWriterOptions = {},
    savePath = "out/odd_run",
  ) {
    const storage = memoryStorage();
    const decorate = vi.fn((profile: LayerProfile) => profile);
    const writer = new PlotWriter({ formats: ["svg"], decorate, ...options });
    const messages = await writeRun(writer, storage, [saveOf(0, ...records)], { savePath });
    expect(messages).toEqual([]);
    const figures = decorate.mock.calls.map(([profile]) => profile);
    return { paths: await storage.list(""), figures };
  }

  test("primary_metric_missing: a figure without it, not an error", async () => {
    const { figures } = await plotted([stat()], { primaryMetric: "acc" });
    expect(figures.map(({ subtitle }) => subtitle)).toEqual([
      "share of feature directions that carry 99 % of the variance",
    ]);
  });

  test("layer_called_evaluator: each phase has its own layers", async () => {
    const named = (phase: Phase, layer: string, index: number, value: number) =>
      stat({ phase, layer, index, value });
    const { figures } = await plotted([
      named("train", "evaluator", 0, 0.5),
      named("train", "b", 1, 0.25),
      named("eval", "evaluator", 0, 0.75),
      named("eval", "b", 1, 0.125),
    ]);
    expect(figures.map(({ layers, series }) => [layers, series[0]!.values])).toEqual([
      [
        ["evaluator", "b"],
        [0.5, 0.25],
      ],
      [
        ["evaluator", "b"],
        [0.75, 0.125],
      ],
    ]);
  });

  test.each(["my-train-saturation", "train-saturation_a_accuracy"])(
    "a scalar of the user's called %s is no layer, and no error",
    async (name) => {
      const { figures } = await plotted([stat({ layer: "a" }), scalar(name, 0.9)]);
      expect(figures.map(({ layers }) => layers)).toEqual([["a"]]);
    },
  );

  test("nan_values, only_user_scalars: no figure, not even an empty one", async () => {
    const nothing = [
      stat({ layer: "a", value: Number.NaN }),
      stat({ layer: "b", index: 1, value: Number.NaN }),
    ];
    expect((await plotted(nothing)).paths).toEqual([]);
    expect((await plotted([scalar("loss", 0.5)])).paths).toEqual([]);
  });

  test("partly_nan: a gap", async () => {
    const { figures } = await plotted([
      stat({ layer: "a", value: Number.NaN }),
      stat({ layer: "b", index: 1 }),
    ]);
    expect(figures.map(({ layers, series }) => [layers, series[0]!.values])).toEqual([
      [
        ["a", "b"],
        [Number.NaN, 0.5],
      ],
    ]);
  });

  test("dots_csv_in_path: folders may be called anything", async () => {
    const { paths } = await plotted([stat()], {}, "a.csv.d/run");
    expect(paths).toEqual(["a.csv.d/run/run_lsat_train_epoch_0.svg"]);
  });
});
