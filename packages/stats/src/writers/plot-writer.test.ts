import { afterEach, describe, expect, test, vi } from "vitest";
import { decodePng } from "../../test/support/pixels.js";
import { saveOf as saved, stat } from "../../test/support/saves.js";
import { svgTexts } from "../../test/support/svg-texts.js";
import type { SaveRecord } from "../records.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { PlotWriter, type PlotWriterOptions } from "./plot-writer.js";
import type { Run } from "./writer.js";

const run = (part: Partial<Run> = {}): Run => ({
  name: "mlp",
  savePath: "runs/mlp",
  storage: memoryStorage(),
  initialEpoch: 0,
  threshold: 0.99,
  log: vi.fn(),
  ...part,
});

/** Files after the saves were written. */
async function written(options: PlotWriterOptions, saves: readonly SaveRecord[], at: Run = run()) {
  const writer = new PlotWriter(options);
  writer.open(at);
  for (const save of saves) await writer.write(save);
  await writer.close();
  return at.storage.list("");
}

const textOf = async ({ storage }: Run, path: string) =>
  svgTexts(new TextDecoder().decode((await storage.read(path))!)).map(({ text }) => text);

afterEach(() => {
  vi.doUnmock("../png/rasteriser.js");
  vi.resetModules();
});

describe("files", () => {
  test("one figure a statistic and phase, as SVG and PNG, named as Delve does", async () => {
    const at = run();
    const save = saved(3, stat(), stat({ phase: "eval" }), stat({ stat: "idim", value: 4 }));
    expect(await written({}, [save], at)).toEqual([
      "runs/mlp/mlp_idim_train_epoch_3.png",
      "runs/mlp/mlp_idim_train_epoch_3.svg",
      "runs/mlp/mlp_lsat_eval_epoch_3.png",
      "runs/mlp/mlp_lsat_eval_epoch_3.svg",
      "runs/mlp/mlp_lsat_train_epoch_3.png",
      "runs/mlp/mlp_lsat_train_epoch_3.svg",
    ]);
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_epoch_3.svg")).toContain(
      "mlp · saturation · train · epoch 3",
    );
    const png = decodePng((await at.storage.read("runs/mlp/mlp_lsat_train_epoch_3.png"))!);
    expect([png.width, png.height]).toEqual([1536, 960]);
  });

  test("no part of a hostile name gets into a path", async () => {
    const hostile = stat({ layer: "../../x", stat: "../a b/ü", label: "<b>" });
    expect(await written({ formats: ["svg"] }, [saved(0, hostile)])).toEqual([
      "runs/mlp/mlp_%2E.%2Fa b%2Fü_train_epoch_0.svg",
    ]);
  });

  test("nothing where there is nothing to draw", async () => {
    expect(
      await written({}, [saved(0, stat({ value: null }), { kind: "scalar", name: "loss", value: 1 })]),
    ).toEqual([]);
    expect(await written({}, [])).toEqual([]);
  });
});

describe("off the training loop", () => {
  test("write hands over; flush and close wait for the files", async () => {
    const at = run();
    const writer = new PlotWriter({ formats: ["svg"] });
    writer.open(at);
    await writer.write(saved(0, stat(), stat({ phase: "eval" })));
    expect(await at.storage.list("")).toEqual([]);
    await writer.flush();
    expect(await at.storage.list("")).toHaveLength(2);
    await writer.write(saved(1, stat()));
    await writer.close();
    expect(await at.storage.list("")).toHaveLength(3);
  });

  test("a file that cannot be written is logged once, and flush says how many are missing", async () => {
    const storage = { ...memoryStorage(), write: () => Promise.reject(new Error("disk full")) };
    const at = run({ storage });
    const writer = new PlotWriter({ formats: ["svg"] });
    writer.open(at);
    for (const epoch of [0, 1, 2]) await writer.write(saved(epoch, stat()));
    await expect(writer.flush()).rejects.toThrow("3 plots are missing, the first because disk full");
    expect(at.log).toHaveBeenCalledExactlyOnceWith(
      "error",
      'plots: "runs/mlp/mlp_lsat_train_epoch_0.svg" cannot be written: disk full',
      expect.anything(),
    );
    await writer.close();
  });

  test("a figure that cannot be drawn keeps no other from being drawn", async () => {
    const at = run();
    const writer = new PlotWriter({
      formats: ["svg"],
      decorate: (profile, { epoch }) => (epoch === 1 ? { ...profile, layers: [] } : profile),
    });
    writer.open(at);
    for (const epoch of [0, 1, 2]) await writer.write(saved(epoch, stat()));
    await expect(writer.close()).rejects.toThrow(
      "1 plot is missing, the first because layerProfile: needs at least one layer, got 0",
    );
    expect(await at.storage.list("")).toHaveLength(2);
  });
});

describe("an older run", () => {
  async function earlier(): Promise<Run> {
    const at = run();
    const saves = [0, 1, 2, 10].map((epoch) => saved(epoch, stat()));
    await written({ formats: ["svg"] }, saves, at);
    await at.storage.write("runs/mlp/mlp_notes.svg", "mine");
    await at.storage.write("runs/mlp/other_lsat_train_epoch_7.svg", "mine");
    return at;
  }
  const mine = ["runs/mlp/mlp_notes.svg", "runs/mlp/other_lsat_train_epoch_7.svg"];
  const figures = (...epochs: number[]) =>
    epochs.map((epoch) => `runs/mlp/mlp_lsat_train_epoch_${epoch}.svg`);

  test("is replaced by a fresh one, at its first save", async () => {
    const at = await earlier();
    expect(await written({ formats: ["svg"] }, [], at)).toEqual([...figures(0, 1, 10, 2), ...mine]);
    expect(await written({ formats: ["svg"] }, [saved(0, stat())], at)).toEqual([...figures(0), ...mine]);
  });

  test("is continued with initialEpoch: what was there before it stays as it is", async () => {
    const at = await earlier();
    const before = await at.storage.read(figures(1)[0]!);
    const resumed = { ...at, initialEpoch: 2 };
    const files = await written(
      { formats: ["svg"] },
      [saved(2, stat({ value: 0.25 })), saved(3, stat())],
      resumed,
    );
    expect(files).toEqual([...figures(0, 1, 2, 3), ...mine]);
    expect(await at.storage.read(figures(1)[0]!)).toEqual(before);
    expect(await textOf(at, figures(2)[0]!)).toContain("0.25");
  });
});

describe("options", () => {
  const saves = [0, 1, 2, 3, 4].map((epoch) => saved(epoch, stat({ value: 0.1 * epoch })));
  const epochsOf = (files: readonly string[]) => files.map((file) => Number(/epoch_(\d+)/.exec(file)![1]));

  test("plotEvery leaves saves out, but never the last", async () => {
    expect(epochsOf(await written({ formats: ["svg"], plotEvery: 3 }, saves))).toEqual([0, 3, 4]);
    expect(epochsOf(await written({ formats: ["svg"], plotEvery: 2 }, saves))).toEqual([0, 2, 4]);
    expect(epochsOf(await written({ formats: ["svg"], plotEvery: 100 }, saves.slice(1)))).toEqual([4]);
  });

  test("history draws the saves before, drawn or not, behind", async () => {
    const at = run();
    await written({ formats: ["svg"], history: 2, plotEvery: 4 }, saves, at);
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_epoch_0.svg")).not.toContain("train");
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_epoch_4.svg")).toEqual(
      expect.arrayContaining(["epochs 2–3"]),
    );
  });

  test("style, scale and metric reach the figure", async () => {
    const at = run();
    const options = { theme: "dark", figsize: [6, 4], scale: 1, primaryMetric: "accuracy" } as const;
    await written(
      options,
      [saved(0, stat({ stat: "trc" }), { kind: "scalar", name: "accuracy", value: 0.25 })],
      at,
    );
    const png = decodePng((await at.storage.read("runs/mlp/mlp_trc_train_epoch_0.png"))!);
    expect([png.width, png.height, ...png.data.subarray(0, 3)]).toEqual([576, 384, 0x12, 0x16, 0x1c]);
    expect(await textOf(at, "runs/mlp/mlp_trc_train_epoch_0.svg")).toContain("accuracy = 0.25 · n = 100");
  });

  test("decorate may change the figure before it is drawn", async () => {
    const at = run();
    const decorate = vi.fn<NonNullable<PlotWriterOptions["decorate"]>>((profile, { phase }) => ({
      ...profile,
      title: `${phase} of mine`,
    }));
    await written({ formats: ["svg"], decorate }, [saved(7, stat())], at);
    expect(decorate.mock.lastCall?.[1]).toEqual({ stat: "lsat", phase: "train", epoch: 7 });
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_epoch_7.svg")).toContain("train of mine");
  });

  test.each<[object, string]>([
    [{ formats: ["pgn"] }, 'writerArgs.formats: must be one of "svg", "png", got "pgn"; did you mean "png"?'],
    [{ formats: [] }, 'writerArgs.formats: must be a list such as ["svg", "png"], got []'],
    [{ plotEvery: 0 }, "writerArgs.plotEvery: must be a whole number of at least 1, got 0"],
    [{ history: -1 }, "writerArgs.history: must be a whole number of at least 0, got -1"],
    [{ scale: 99 }, "writerArgs.scale: must lie in (0, 16], got 99"],
    [{ decorate: 3 }, "writerArgs.decorate: must be a function, got 3"],
    [{ primaryMetric: 3 }, "writerArgs.primaryMetric: must be a scalar's name, got 3"],
    [{ figsize: 3 }, "writerArgs.figsize: must be two positive numbers of inches, got 3"],
    [{ theme: "neon" }, 'writerArgs.theme: must be one of "light", "dark", got "neon"'],
  ])("refuses %j", (options, message) => {
    expect(() => new PlotWriter(options)).toThrow(message);
  });

  test("leaves alone what is meant for other writers", () => {
    expect(() => new PlotWriter({ print: console.log } as object)).not.toThrow();
  });
});

describe("figures", () => {
  const row = { rows: 1, columns: 2, data: Float64Array.of(4, 1) };
  const plane = { rows: 1, columns: 2, data: Float64Array.of(0.5, 0) };
  const both = (epoch: number) =>
    saved(
      epoch,
      stat({ value: 0.1 * epoch }),
      stat({ phase: "eval" }),
      stat({ stat: "spectrum", label: "spectrum", value: row }),
      stat({ stat: "embed", label: "embedded-sample", value: plane }),
      stat({ stat: "cov", label: "covariance", value: { rows: 8, columns: 8, data: new Float64Array(64) } }),
    );
  const svg = ["svg"] as const;

  test("of every kind are drawn where they are asked for", async () => {
    const at = run();
    const figures = ["compare", "heatmap", "spectrum", "scatter"] as const;
    expect(await written({ formats: svg, figures, theme: "dark" }, [both(3), both(4)], at)).toEqual([
      "runs/mlp/mlp_embed_train_epoch_3.svg",
      "runs/mlp/mlp_embed_train_epoch_4.svg",
      "runs/mlp/mlp_lsat_eval_heatmap_from_epoch_3.svg",
      "runs/mlp/mlp_lsat_train-eval_epoch_3.svg",
      "runs/mlp/mlp_lsat_train-eval_epoch_4.svg",
      "runs/mlp/mlp_lsat_train_heatmap_from_epoch_3.svg",
      "runs/mlp/mlp_spectrum_train_epoch_3.svg",
      "runs/mlp/mlp_spectrum_train_epoch_4.svg",
    ]);
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_heatmap_from_epoch_3.svg")).toEqual(
      expect.arrayContaining(["mlp · saturation · train", "0.30", "0.40"]),
    );
    expect(await textOf(at, "runs/mlp/mlp_lsat_train-eval_epoch_3.svg")).toEqual(
      expect.arrayContaining(["train", "eval"]),
    );
    expect(await textOf(at, "runs/mlp/mlp_spectrum_train_epoch_4.svg")).toContain("2 / 2 = 1.00");
    expect(await textOf(at, "runs/mlp/mlp_embed_train_epoch_4.svg")).toContain("1 shown");
    const backgrounds = (await at.storage.list("")).map(async (path) =>
      new TextDecoder().decode((await at.storage.read(path))!).includes('fill="#12161c"'),
    );
    expect(await Promise.all(backgrounds)).toEqual(new Array(8).fill(true));
    expect(at.log).not.toHaveBeenCalled();
  });

  test("of the last save keep their matrices until close", async () => {
    const files = await written({ formats: svg, figures: ["spectrum"], plotEvery: 10 }, [both(1), both(2)]);
    expect(files).toEqual(["runs/mlp/mlp_spectrum_train_epoch_2.svg"]);
  });

  test("that show the whole run are drawn at each flush, once", async () => {
    const at = run();
    const write = vi.spyOn(at.storage, "write");
    const writer = new PlotWriter({ formats: svg, figures: ["heatmap"] });
    writer.open(at);
    await writer.flush();
    await writer.write(saved(0, stat()));
    await writer.flush();
    await writer.flush();
    expect(write).toHaveBeenCalledTimes(1);
    await writer.write(saved(1, stat({ value: 0.75 })));
    await writer.close();
    expect(write).toHaveBeenCalledTimes(2);
    expect(await textOf(at, "runs/mlp/mlp_lsat_train_heatmap_from_epoch_0.svg")).toContain("0.75");
  });

  test("of an older run go, those before initialEpoch stay", async () => {
    const at = run();
    const options = { formats: svg, figures: ["heatmap", "compare"] } as const;
    await written(options, [both(0), both(1)], at);
    const files = await written(options, [both(1)], { ...at, initialEpoch: 1 });
    expect(files.filter((file) => file.includes("train_heatmap"))).toEqual([
      "runs/mlp/mlp_lsat_train_heatmap_from_epoch_0.svg",
      "runs/mlp/mlp_lsat_train_heatmap_from_epoch_1.svg",
    ]);
    expect(await written(options, [saved(0, stat())], at)).toEqual([
      "runs/mlp/mlp_lsat_train_heatmap_from_epoch_0.svg",
    ]);
  });

  test("whose statistic is not there are warned of, once", async () => {
    const at = run();
    const figures = ["profile", "spectrum", "scatter"] as const;
    await written({ formats: svg, figures }, [saved(0, stat()), saved(1, stat())], at);
    expect(vi.mocked(at.log).mock.calls.map(([level, message]) => [level, message])).toEqual([
      ["warn", 'writerArgs.figures: stats must hold "spectrum" for its figures, got none; they are left out'],
      ["warn", 'writerArgs.figures: stats must hold "embed" for its figures, got none; they are left out'],
    ]);
  });

  test.each<[object, string]>([
    [{ figures: [] }, 'writerArgs.figures: must be a list such as ["profile", "compare"], got []'],
    [{ figures: ["heatmpa"] }, 'did you mean "heatmap"?'],
  ])("refuses %j", (options, message) => {
    expect(() => new PlotWriter(options)).toThrow(message);
  });
});

describe("without a rasteriser", () => {
  async function brokenWriter(options: PlotWriterOptions, at: Run) {
    vi.doMock("../png/rasteriser.js", () => ({ renderPng: () => Promise.reject(new Error("no Wasm here")) }));
    const { PlotWriter: Fresh } = await import("./plot-writer.js");
    const writer = new Fresh(options);
    writer.open(at);
    return writer;
  }

  test("SVG goes on and the reason is logged once", async () => {
    const at = run();
    const writer = await brokenWriter({}, at);
    await writer.write(saved(0, stat()));
    await writer.write(saved(1, stat()));
    await writer.close();
    expect((await at.storage.list("")).every((file) => file.endsWith(".svg"))).toBe(true);
    expect(await at.storage.list("")).toHaveLength(2);
    expect(at.log).toHaveBeenCalledExactlyOnceWith(
      "warn",
      "plots are written as SVG only, PNG cannot be drawn here: no Wasm here",
      expect.objectContaining({ error: expect.any(Error) }),
    );
  });

  test("it is an error where PNG is all that was asked for", async () => {
    const at = run();
    const writer = await brokenWriter({ formats: ["png"] }, at);
    await writer.write(saved(0, stat()));
    await writer.write(saved(1, stat()));
    await expect(writer.close()).rejects.toThrow("2 plots are missing, the first because no Wasm here");
    expect(at.log).toHaveBeenCalledExactlyOnceWith(
      "error",
      'plots: "runs/mlp/mlp_lsat_train_epoch_0" cannot be drawn: no Wasm here',
      expect.anything(),
    );
  });
});

test("a writer that was not opened says so", async () => {
  await expect(new PlotWriter().write(saved(0, stat()))).rejects.toThrow("open must be called before");
});
