import {
  type Backend,
  BackendUnavailableError,
  type Moments,
  NonFiniteError,
  ShapeError,
} from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { TrackerOptions } from "./options.js";
import type { SaveRecord, StatRecord } from "./records.js";
import type { LayerOutput } from "./sampling/layer-output.js";
import type { Statistic } from "./statistics/statistic.js";
import { memoryStorage } from "./storage/memory-storage.js";
import { SaturationTracker } from "./tracker.js";
import type { Writer } from "./writers/writer.js";

const open: SaturationTracker[] = [];
afterEach(async () => {
  for (const tracker of open.splice(0)) await tracker.close();
});

async function openTracker(options: Partial<TrackerOptions> = {}) {
  const logger = vi.fn();
  const storage = memoryStorage();
  const tracker = await SaturationTracker.open({
    backend: referenceBackend(),
    savePath: "runs/mlp",
    storage,
    logger,
    ...options,
  });
  open.push(tracker);
  return { tracker, logger, storage };
}

// Seeded, so that a failure can be seen again.
function batch(rows: number, features: number, seed = 1): LayerOutput & { data: Float64Array } {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return { data: Float64Array.from({ length: rows * features }, next), shape: [rows, features] };
}

const stat = (
  save: SaveRecord | null,
  layer: string,
  key = "lsat",
  phase = "train",
): StatRecord | undefined =>
  save?.records.find(
    (r): r is StatRecord => r.kind === "stat" && r.layer === layer && r.stat === key && r.phase === phase,
  );

describe("a run", () => {
  test("statistics of each layer and phase, in the order of first forward passes", async () => {
    const { tracker } = await openTracker({ stats: ["lsat", "idim"] });
    tracker.record("b", batch(100, 3), { phase: "train" });
    tracker.record("a", batch(100, 4), { phase: "eval" });
    tracker.record("a", batch(100, 4), { phase: "train" });
    tracker.record("b", batch(100, 3, 2), { phase: "eval" });
    tracker.addScalar("loss", 0.5);
    await tracker.addSaturations();
    const names = tracker.latest!.records.map((r) =>
      r.kind === "scalar" ? r.name : `${r.phase} ${r.layer} ${r.stat}`,
    );
    expect(names).toEqual([
      "loss",
      "train b lsat",
      "train b idim",
      "train a lsat",
      "train a idim",
      "eval b lsat",
      "eval b idim",
      "eval a lsat",
      "eval a idim",
    ]);
    expect(tracker.layers).toEqual(["b", "a"]);
    expect(stat(tracker.latest, "b", "idim")).toMatchObject({
      index: 0,
      label: "intrinsic-dimensionality",
      value: 3,
      integer: true,
      samples: 100,
      features: 3,
      undersampled: false,
    });
  });

  test("train and eval are apart, and batches of one phase add up", async () => {
    const { tracker } = await openTracker({ stats: ["trc", "cov"] });
    const { data } = batch(60, 2);
    tracker.record("fc", { data: data.subarray(0, 50), shape: [25, 2] });
    tracker.record("fc", { data: new Float32Array([5, 5, 5, 7]), shape: [2, 2] }, { phase: "eval" });
    tracker.record("fc", { data: data.subarray(50), shape: [35, 2] });
    await tracker.addSaturations();
    const mean = [0, 1].map((f) => data.reduce((sum, x, i) => sum + (i % 2 === f ? x : 0), 0) / 60);
    const trace = data.reduce((sum, x, i) => sum + (x - mean[i % 2]!) ** 2, 0) / 60;
    expect(stat(tracker.latest, "fc", "trc")!.value).toBeCloseTo(trace, 14);
    expect(stat(tracker.latest, "fc", "trc")!.samples).toBe(60);
    expect(stat(tracker.latest, "fc", "cov", "eval")!.value).toEqual({
      rows: 2,
      columns: 2,
      data: Float64Array.of(0, 0, 0, 1),
    });
  });

  test("each save starts afresh, unless resetCovariance is false", async () => {
    for (const [resetCovariance, samples] of [
      [true, 20],
      [false, 40],
    ] as const) {
      const { tracker } = await openTracker({ resetCovariance });
      for (let epoch = 0; epoch < 2; epoch++) {
        tracker.record("fc", batch(20, 2, epoch + 1));
        await tracker.addSaturations();
      }
      expect(stat(tracker.latest, "fc")!.samples).toBe(samples);
      expect(tracker.latest!.epoch).toBe(1);
    }
  });

  test("a phase without a forward pass since the last save has no value", async () => {
    const { tracker, storage } = await openTracker({ saveTo: "csv", stats: ["idim"] });
    tracker.record("fc", batch(50, 2));
    tracker.record("fc", batch(50, 2), { phase: "eval" });
    await tracker.addSaturations();
    tracker.record("fc", batch(50, 2));
    await tracker.addSaturations();
    expect(stat(tracker.latest, "fc", "idim", "eval")).toMatchObject({ value: null, samples: 0 });
    expect(new TextDecoder().decode((await storage.read("runs/mlp.csv"))!)).toBe(
      ";train-intrinsic-dimensionality_fc;eval-intrinsic-dimensionality_fc\n0;2;2.0\n1;2;\n",
    );
  });

  test("the snapshot is taken at the call; later batches belong to the next save", async () => {
    const { tracker } = await openTracker();
    tracker.record("fc", batch(30, 2));
    const first = tracker.addSaturations();
    tracker.record("fc", batch(10, 2));
    const second = tracker.addSaturations();
    expect(tracker.latest).toBeNull();
    await first;
    expect(stat(tracker.latest, "fc")!.samples).toBe(30);
    await second;
    expect(stat(tracker.latest, "fc")!.samples).toBe(10);
  });

  test("few samples for the features are marked", async () => {
    const { tracker } = await openTracker();
    tracker.record("enough", batch(40, 4));
    tracker.record("few", batch(39, 4));
    await tracker.addSaturations();
    expect(stat(tracker.latest, "enough")!.undersampled).toBe(false);
    expect(stat(tracker.latest, "few")!.undersampled).toBe(true);
  });

  test("the batch is read when record returns", async () => {
    const { tracker } = await openTracker({ stats: ["trc"] });
    const { data, shape } = batch(20, 2);
    tracker.record("fc", { data, shape });
    data.fill(1e9);
    await tracker.addSaturations();
    expect(stat(tracker.latest, "fc", "trc")!.value).toBeLessThan(1);
  });

  test("two trackers do not know of each other", async () => {
    const [one, two] = [await openTracker(), await openTracker({ savePath: "runs/other" })];
    one.tracker.record("fc", batch(20, 2));
    await one.tracker.addSaturations();
    await two.tracker.addSaturations();
    expect(two.tracker.latest!.records).toEqual([]);
    expect(one.tracker.latest!.records).toHaveLength(1);
  });
});

describe("options", () => {
  test("logInterval counts the forward passes of a layer, those of both phases together", async () => {
    const { tracker } = await openTracker({ logInterval: 2 });
    const recorded = (["train", "train", "eval", "train", "eval", "eval"] as const).map((phase) =>
      tracker.record("fc", batch(5, 2), { phase }),
    );
    expect(recorded).toEqual([false, true, false, true, false, true]);
    expect(tracker.record("other", batch(5, 2))).toBe(false);
  });

  test("maxSamples cuts the batch that crosses it, counts images and starts again at each save", async () => {
    const { tracker } = await openTracker({ maxSamples: 15 });
    const images: LayerOutput = { data: new Float32Array(10 * 4 * 3), shape: [10, 2, 2, 3] };
    for (let epoch = 0; epoch < 2; epoch++) {
      expect([1, 2, 3].map(() => tracker.record("conv", images))).toEqual([true, true, false]);
      expect(tracker.record("conv", images, { phase: "eval" })).toBe(true);
      await tracker.addSaturations();
      expect(stat(tracker.latest, "conv")!.samples).toBe(15 * 4);
      expect(stat(tracker.latest, "conv", "lsat", "eval")!.samples).toBe(10 * 4);
    }
  });

  test("sampling methods reach the layers", async () => {
    const { tracker } = await openTracker({ convMethod: "max", timeseriesMethod: "tokenwise" });
    tracker.record("conv", { data: new Float32Array(2 * 9 * 3), shape: [2, 3, 3, 3] });
    tracker.record("rnn", { data: new Float32Array(2 * 5 * 3), shape: [2, 5, 3] });
    await tracker.addSaturations();
    expect([stat(tracker.latest, "conv")!.samples, stat(tracker.latest, "rnn")!.samples]).toEqual([2, 10]);
  });

  test("ignored layers are passed over", async () => {
    const { tracker } = await openTracker({ ignoreLayerNames: ["a"] });
    expect(tracker.record("a", batch(5, 2))).toBe(false);
    expect(tracker.record("b", batch(5, 2))).toBe(true);
    await tracker.addSaturations();
    expect(tracker.layers).toEqual(["b"]);
  });

  test("averageSat averages over the layers of a phase, also when they are not shown", async () => {
    for (const options of [{}, { layerwiseSat: false }, { stats: ["trc"] }]) {
      const { tracker } = await openTracker({ averageSat: true, ...options });
      tracker.record("full", batch(100, 2));
      tracker.record("half", {
        data: Float64Array.from(batch(100, 2).data, (x, i) => (i % 2 ? 0 : x)),
        shape: [100, 2],
      });
      await tracker.addSaturations();
      const scalars = tracker.latest!.records.filter(({ kind }) => kind === "scalar");
      expect(scalars).toEqual([{ kind: "scalar", name: "average-train-sat", value: 0.75 }]);
      const shown = tracker.latest!.records.flatMap((r) => (r.kind === "stat" ? `${r.layer} ${r.stat}` : []));
      const expected =
        options.layerwiseSat === false
          ? []
          : ["full", "half"].map((name) => `${name} ${options.stats ?? "lsat"}`);
      expect(shown).toEqual(expected);
    }
  });

  test("stop lets forward passes go by uncounted, resume goes on", async () => {
    const { tracker } = await openTracker({ logInterval: 2 });
    expect(tracker.isRecording).toBe(true);
    tracker.record("fc", batch(10, 2));
    tracker.stop();
    expect(tracker.isRecording).toBe(false);
    expect([tracker.record("fc", batch(10, 2)), tracker.wants("fc")]).toEqual([false, false]);
    tracker.resume();
    expect(tracker.record("fc", batch(10, 2))).toBe(true);
  });

  test("wants counts, and a counted batch is not counted again", async () => {
    const { tracker } = await openTracker({ logInterval: 2 });
    expect([tracker.wants("fc"), tracker.wants("fc"), tracker.wants("fc")]).toEqual([false, true, false]);
    expect(tracker.record("fc", batch(10, 2), { counted: true })).toBe(true);
    expect(tracker.wants("fc")).toBe(true);
  });

  test("verbose tells the saturation of every layer", async () => {
    const { tracker, logger } = await openTracker({ verbose: true });
    tracker.record("fc", batch(100, 2));
    await tracker.addSaturations();
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "info",
      'saturation of "fc" (train): 1.0000, from 100 samples',
      {
        layer: "fc",
        phase: "train",
        saturation: 1,
        samples: 100,
      },
    );
  });

  test("idimRule and satThreshold reach the statistics", async () => {
    const data = Float64Array.of(3, 0, -3, 0, 0, 1, 0, -1);
    for (const [idimRule, satThreshold, idim] of [
      ["documented", 0.99, 2],
      ["documented", 0.9, 1],
      ["delve", 0.99, 1],
    ] as const) {
      const { tracker } = await openTracker({ stats: ["idim"], idimRule, satThreshold });
      tracker.record("fc", { data, shape: [4, 2] });
      await tracker.addSaturations();
      expect(stat(tracker.latest, "fc", "idim")!.value).toBe(idim);
    }
  });

  test.each<[string, object, RegExp]>([
    [
      "an option that is not there",
      { sat_threshold: 0.9 },
      /option: must be one of .*got "sat_threshold"; did you mean "satThreshold"\?/,
    ],
    ["a statistic", { stats: ["lsat", "idmi"] }, /stats: must be one of .*did you mean "idim"\?/],
    ["a writer", { saveTo: ["csv", "plott"] }, /saveTo: must be one of .*did you mean "plot"\?/],
    ["a writer that is none", { saveTo: [{}] }, /saveTo: must hold keys or writers/],
    [
      "a method",
      { convMethod: "channel_wise2" },
      /convMethod: must be one of .*did you mean "channelwise"\?/,
    ],
    ["a method for sequences", { timeseriesMethod: "lasttimestep" }, /did you mean "last_timestep"\?/],
    ["a rule", { idimRule: "pca" }, /idimRule: must be one of "documented", "delve", got "pca"/],
    ["a way with errors", { onError: "ignore" }, /onError: must be one of "warn", "throw"/],
    ["a threshold", { satThreshold: 99 }, /satThreshold: threshold must be in \(0, 1\], got 99/],
    ["a log interval", { logInterval: 0 }, /logInterval: must be a whole number of at least 1, got 0/],
    ["a limit", { maxSamples: 2.5 }, /maxSamples: must be a whole number of at least 1, got 2.5/],
    ["an epoch", { initialEpoch: -1 }, /initialEpoch: must be a whole number of at least 0, got -1/],
    [
      "no path for files",
      { saveTo: "csv", savePath: undefined },
      /savePath: must be given, because saveTo has "csv"/,
    ],
    ["no backend", { backend: undefined }, /backend must be a Backend, got undefined/],
  ])("refused: %s", async (_, options, message) => {
    await expect(openTracker(options as Partial<TrackerOptions>)).rejects.toThrow(message);
  });
});

describe("bad batches", () => {
  const good = batch(20, 3);
  const bad: [string, LayerOutput, RegExp][] = [
    [
      "NaN",
      { data: Float64Array.of(1, 2, 3, 4, Number.NaN, 6), shape: [2, 3] },
      /layer "fc" \(train\): .*NaN/,
    ],
    [
      "infinity",
      { data: Float64Array.of(1, 2, Infinity), shape: [1, 3] },
      /layer "fc" \(train\): .*Infinity/,
    ],
    ["another width", batch(5, 4), /layer "fc" \(train\): record: needs 3 features as before, got 4/],
    [
      "no samples",
      { data: new Float64Array(0), shape: [0, 3] },
      /layer "fc" \(train\): .*got shape \[0, 3\]/,
    ],
    [
      "no features",
      { data: new Float64Array(0), shape: [4, 0] },
      /layer "fc" \(train\): .*got shape \[4, 0\]/,
    ],
    ["one axis", { data: new Float64Array(3), shape: [3] }, /layer "fc" \(train\): .*got \[3\]/],
    [
      "missing values",
      { data: new Float64Array(3), shape: [2, 3] },
      /layer "fc" \(train\): .*needs 6 values, got 3/,
    ],
  ];

  test.each(bad)(
    "%s, onError throw: an error that names the layer; what was recorded stays",
    async (_, output, message) => {
      const { tracker } = await openTracker({ onError: "throw", stats: ["trc"] });
      tracker.record("fc", good);
      expect(() => tracker.record("fc", output)).toThrow(message);
      await tracker.addSaturations();
      const reference = await openTracker({ stats: ["trc"] });
      reference.tracker.record("fc", good);
      await reference.tracker.addSaturations();
      expect(stat(tracker.latest, "fc", "trc")).toEqual(stat(reference.tracker.latest, "fc", "trc"));
      expect(tracker.dropped.size).toBe(0);
    },
  );

  test.each(bad)(
    "%s, onError warn: one warning a layer, a count, and training goes on",
    async (_, output, message) => {
      const { tracker, logger } = await openTracker();
      tracker.record("fc", good);
      expect([tracker.record("fc", output), tracker.record("fc", output)]).toEqual([false, false]);
      expect(tracker.record("fc", good)).toBe(true);
      expect(logger).toHaveBeenCalledExactlyOnceWith(
        "warn",
        expect.stringMatching(message),
        expect.anything(),
      );
      expect(tracker.dropped).toEqual(new Map([["fc", 2]]));
      await tracker.addSaturations();
      expect(stat(tracker.latest, "fc")!.samples).toBe(40);
      await tracker.close();
      expect(logger).toHaveBeenLastCalledWith("warn", 'layer "fc": 2 batches were left out', {
        layer: "fc",
        count: 2,
      });
    },
  );

  test("the error keeps its class and fields", async () => {
    const { tracker } = await openTracker({ onError: "throw" });
    const nan = { data: Float64Array.of(1, 2, 3, 4, Number.NaN, 6), shape: [2, 3] };
    let error: unknown;
    try {
      tracker.record("fc", nan);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error).toMatchObject({ row: 1, feature: 1, value: Number.NaN });
    expect(() => tracker.record("fc", { data: new Float64Array(3), shape: [3] })).toThrow(ShapeError);
  });

  test("a first batch that is refused does not fix the number of features", async () => {
    const { tracker } = await openTracker();
    tracker.record("fc", { data: Float64Array.of(1, Number.NaN), shape: [1, 2] });
    expect(tracker.record("fc", good)).toBe(true);
  });

  test("eval must have the features of train", async () => {
    const { tracker } = await openTracker({ onError: "throw" });
    tracker.record("fc", good);
    expect(() => tracker.record("fc", batch(5, 2), { phase: "eval" })).toThrow(
      /\(eval\).* 3 features as before, got 2/,
    );
  });

  test("an unknown phase, and scalars that are none", async () => {
    const { tracker } = await openTracker();
    expect(() => tracker.record("fc", good, { phase: "test" as never })).toThrow(
      'phase: must be one of "train", "eval"',
    );
    expect(() => tracker.addScalar("", 1)).toThrow("name must be a string that is not empty");
    expect(() => tracker.addScalar("loss", "1" as never)).toThrow(
      'value of "loss" must be a number, got "1"',
    );
    tracker.addScalar("loss", Number.NaN);
  });
});

describe("writers", () => {
  const collecting = () => {
    const saves: SaveRecord[] = [];
    const calls: string[] = [];
    const writer: Writer = {
      name: "mine",
      open: ({ name, savePath }) => void calls.push(`open ${name} at ${savePath}`),
      write: (save) => void saves.push(save),
      close: () => void calls.push("close"),
    };
    return { writer, saves, calls };
  };

  test("one of the user's own gets every save, between open and close", async () => {
    const { writer, saves, calls } = collecting();
    const { tracker } = await openTracker({ saveTo: writer });
    tracker.record("fc", batch(20, 2));
    await tracker.addSaturations();
    await tracker.close();
    expect(calls).toEqual(["open mlp at runs/mlp", "close"]);
    expect(saves).toHaveLength(1);
    expect(saves[0]).toBe(tracker.latest);
  });

  test("a writer that fails is reported and keeps the save from no other", async () => {
    const { writer, saves } = collecting();
    const failing: Writer = { name: "broken", write: () => Promise.reject(new Error("disk full")) };
    const { tracker, logger } = await openTracker({ saveTo: [failing, writer] });
    tracker.record("fc", batch(20, 2));
    await tracker.addSaturations();
    await tracker.addSaturations();
    expect(saves.map(({ epoch }) => epoch)).toEqual([0, 1]);
    const message = 'writer "broken" could not write save 0: disk full';
    expect(logger).toHaveBeenCalledWith("error", message, expect.objectContaining({ writer: "broken" }));
  });

  test("with onError throw the save rejects, after all writers had it", async () => {
    const { writer, saves } = collecting();
    const failing: Writer = { name: "broken", write: () => Promise.reject(new Error("disk full")) };
    const { tracker } = await openTracker({ saveTo: [failing, writer], onError: "throw" });
    await expect(tracker.addSaturations()).rejects.toThrow("disk full");
    expect(saves).toHaveLength(1);
  });

  test("a writer that cannot be opened gets nothing", async () => {
    const write = vi.fn();
    const { tracker, logger } = await openTracker({
      saveTo: { name: "shut", open: () => Promise.reject(new Error("no")), write },
    });
    await tracker.addSaturations();
    expect(write).not.toHaveBeenCalled();
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "error",
      expect.stringContaining('"shut" could not be opened'),
      expect.anything(),
    );
  });

  test("csv is written once, even if it is asked for twice", async () => {
    const { tracker, storage } = await openTracker({
      saveTo: ["csv", "csv", "csvplot"],
      writerArgs: { formats: ["svg"] },
    });
    const write = vi.spyOn(storage, "write");
    tracker.record("fc", batch(20, 2));
    await tracker.addSaturations();
    await tracker.flush();
    expect(write.mock.calls.map(([path]) => path)).toEqual([
      "runs/mlp.csv",
      expect.stringMatching(/^runs\/mlp\/.*lsat_train.*svg$/),
    ]);
  });

  test("nosave writes no file, and prints all the same", async () => {
    const print = vi.fn();
    const { tracker, storage } = await openTracker({
      saveTo: ["csv", "print"],
      nosave: true,
      writerArgs: { print },
    });
    tracker.record("fc", batch(20, 2));
    await tracker.addSaturations();
    expect(await storage.list("")).toEqual([]);
    expect(print).toHaveBeenCalledOnce();
  });

  test("a run that goes on counts its saves from initialEpoch", async () => {
    const { tracker } = await openTracker({ initialEpoch: 7 });
    await tracker.addSaturations();
    await tracker.addSaturations();
    expect(tracker.latest!.epoch).toBe(8);
  });

  test("save writes what waits, and nothing if nothing does", async () => {
    const { writer, saves } = collecting();
    const { tracker } = await openTracker({ saveTo: writer });
    await tracker.save();
    tracker.record("fc", batch(20, 2));
    await tracker.addSaturations({ save: false });
    tracker.addScalar("late", 1);
    await tracker.save();
    expect(saves.map(({ records }) => records.map(({ kind }) => kind))).toEqual([["scalar", "stat"]]);
  });

  test("close writes scalars that still wait, is idempotent, and ends recording", async () => {
    const { writer, saves, calls } = collecting();
    const { tracker, logger } = await openTracker({ saveTo: writer });
    tracker.addScalar("loss", 1);
    await Promise.all([tracker.close(), tracker.close()]);
    await tracker[Symbol.asyncDispose]();
    expect(saves).toHaveLength(1);
    expect(calls).toEqual(["open mlp at runs/mlp", "close"]);
    expect(tracker.isRecording).toBe(false);
    expect(tracker.record("fc", batch(5, 2))).toBe(false);
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "warn",
      expect.stringContaining("the tracker is closed"),
      expect.anything(),
    );
    await expect(tracker.addSaturations()).rejects.toThrow("closed");
  });
});

describe("statistics", () => {
  test("one of the user's own is computed and labelled like the others", async () => {
    const own: Statistic = {
      key: "top1",
      label: "largest-variance",
      needs: ["values"],
      compute: ({ spectrum }) => spectrum.clipped[0]!,
    };
    const { tracker } = await openTracker({ stats: ["trc", own] });
    tracker.record("fc", { data: Float64Array.of(0, 0, 4, 0), shape: [2, 2] });
    await tracker.addSaturations();
    expect(stat(tracker.latest, "fc", "top1")).toMatchObject({ label: "largest-variance", value: 4 });
  });

  test("the spectrum is computed once a layer, and only if a statistic needs it", async () => {
    const backend = referenceBackend();
    const eigvalsh = vi.spyOn(backend, "eigvalsh");
    const topSpectrum = vi.spyOn(backend, "topSpectrum");
    const eigh = vi.spyOn(backend, "eigh");
    for (const [stats, calls, tops] of [
      [["lsat", "idim", "det", "dtrc"], 2, 0],
      [["lsat", "idim", "trc"], 0, 2],
      [["cov", "trc"], 0, 0],
    ] as const) {
      const { tracker } = await openTracker({ backend, stats });
      for (const layer of ["a", "b"]) tracker.record(layer, batch(20, 2));
      await tracker.addSaturations();
      expect(eigvalsh).toHaveBeenCalledTimes(calls);
      expect(topSpectrum).toHaveBeenCalledTimes(tops);
      vi.clearAllMocks();
    }
    expect(eigh).not.toHaveBeenCalled();
  });

  test("one that fails is reported with its layer; the save goes on without its values", async () => {
    const failing: Statistic = {
      key: "bad",
      label: "bad",
      needs: ["moments"],
      compute: ({ spectrum }) => spectrum.values[0]!,
    };
    const { tracker, logger } = await openTracker({ stats: [failing] });
    tracker.record("fc", batch(20, 2));
    tracker.addScalar("loss", 1);
    await tracker.addSaturations();
    expect(tracker.latest!.records[0]).toMatchObject({ name: "loss" });
    expect(stat(tracker.latest, "fc", "bad")).toMatchObject({ value: null, samples: 20 });
    expect(logger).toHaveBeenCalledExactlyOnceWith(
      "error",
      expect.stringMatching(/layer "fc" \(train\).*needs: \["values"\]/),
      expect.anything(),
    );
  });
});

describe("a backend that answers later", () => {
  /** @param problems - What the first calls of `state` are rejected with, before it gives what there is. */
  const later = (state?: () => Promise<never>, problems: Error[] = []): Backend => {
    const backend = referenceBackend();
    const postponed = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 1, value));
    return {
      ...backend,
      createMoments(features): Moments {
        const moments = backend.createMoments(features);
        return Object.create(moments, {
          features: { value: features },
          update: { value: moments.update.bind(moments) },
          reset: { value: moments.reset.bind(moments) },
          dispose: { value: moments.dispose.bind(moments) },
          state: {
            value:
              state ??
              (() => {
                const problem = problems.shift();
                return problem ? Promise.reject(problem) : postponed(moments.state());
              }),
          },
        });
      },
      eigvalsh: (a) => postponed(backend.eigvalsh(a)),
    };
  };

  test("gives the same records", async () => {
    const results = [];
    for (const backend of [referenceBackend(), later()]) {
      const { tracker } = await openTracker({ backend, stats: ["lsat", "trc"] });
      tracker.record("fc", batch(50, 3));
      const done = tracker.addSaturations();
      tracker.record("fc", batch(50, 3, 2));
      await done;
      results.push(tracker.latest!.records);
    }
    expect(results[1]).toEqual(results[0]);
  });

  test("a batch that is found to be bad later is left out, and the others are there", async () => {
    const problem = () => new NonFiniteError("updateGpu: NaN", { row: 0, feature: 1, value: Number.NaN });
    const { tracker, logger } = await openTracker({ backend: later(undefined, [problem()]) });
    const { tracker: strict } = await openTracker({
      backend: later(undefined, [problem()]),
      onError: "throw",
    });
    for (const each of [tracker, strict]) each.record("fc", batch(50, 3));
    await tracker.addSaturations();
    await expect(strict.addSaturations()).rejects.toThrow('layer "fc" (train): updateGpu: NaN');
    for (const each of [tracker, strict]) {
      expect(stat(each.latest, "fc")).toMatchObject({ samples: 50, value: expect.any(Number) });
    }
    expect(tracker.dropped).toEqual(new Map([["fc", 1]]));
    const message =
      'layer "fc" (train): updateGpu: NaN. The batch is left out; more of this layer are only counted.';
    expect(logger.mock.calls.map(([level, said]) => [level, said])).toEqual([["warn", message]]);
  });

  test("a device that is lost is an error, and what was not in it alone is there", async () => {
    const problem = new BackendUnavailableError("state: the GPU device must be there, got a lost one");
    const { tracker, logger } = await openTracker({ backend: later(undefined, [problem]) });
    tracker.record("fc", batch(50, 3));
    await tracker.addSaturations();
    expect(stat(tracker.latest, "fc")).toMatchObject({ samples: 50, value: expect.any(Number) });
    expect(tracker.dropped.size).toBe(0);
    expect(logger.mock.calls.map(([level, said]) => [level, said])).toEqual([
      ["error", 'layer "fc" (train): state: the GPU device must be there, got a lost one'],
    ]);
  });

  test("what a queued update found wrong is reported at the save", async () => {
    const state = () =>
      Promise.reject(new NonFiniteError("update: NaN", { row: 0, feature: 1, value: Number.NaN }));
    for (const onError of ["warn", "throw"] as const) {
      const { tracker, logger } = await openTracker({ backend: later(state), onError });
      tracker.record("fc", batch(50, 3));
      const done = tracker.addSaturations();
      await (onError === "warn" ? done : expect(done).rejects.toThrow('layer "fc" (train): update: NaN'));
      expect(stat(tracker.latest, "fc")!.value).toBeNull();
      expect(logger).toHaveBeenCalledWith(
        "error",
        expect.stringContaining('layer "fc" (train): update: NaN'),
        expect.anything(),
      );
    }
  });
});

test("moments are freed at close", async () => {
  const backend = referenceBackend();
  const made: Moments[] = [];
  const createMoments = backend.createMoments.bind(backend);
  vi.spyOn(backend, "createMoments").mockImplementation((features) => {
    const moments = createMoments(features);
    made.push(moments);
    return moments;
  });
  const { tracker } = await openTracker({ backend });
  tracker.record("fc", batch(5, 2));
  tracker.record("fc", batch(5, 2), { phase: "eval" });
  tracker.record("bad", { data: Float64Array.of(Number.NaN), shape: [1, 1] });
  await tracker.close();
  expect(made).toHaveLength(3);
  for (const moments of made) expect(() => moments.state()).toThrow(/dispose/);
});
