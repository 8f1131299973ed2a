import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test, vi } from "vitest";
import { resolveOptions, TRACKER_OPTIONS, type TrackerOptions } from "./options.js";
import type { MatrixValue, Phase, StatRecord } from "./records.js";
import type { LayerOutput } from "./sampling/layer-output.js";
import type { Statistic } from "./statistics/statistic.js";
import { memoryStorage } from "./storage/memory-storage.js";
import { SaturationTracker } from "./tracker.js";

const openTracker = (options: Partial<TrackerOptions> = {}): Promise<SaturationTracker> =>
  SaturationTracker.open({
    backend: referenceBackend(),
    storage: memoryStorage(),
    onError: "throw",
    logger: () => {},
    ...options,
  });

function statOf(tracker: SaturationTracker, layer: string, key: string, phase: Phase = "train"): StatRecord {
  const found = tracker.latest!.records.find(
    (r) => r.kind === "stat" && r.layer === layer && r.stat === key && r.phase === phase,
  );
  return found as StatRecord;
}

const wave = (shape: readonly number[], extra: Partial<LayerOutput> = {}): LayerOutput => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.3)),
  shape,
  ...extra,
});

describe("Delve's options", () => {
  // The signature of CheckLayerSat, and what an option is called here.
  const SIGNATURE: [
    delve: string,
    option: string,
    setting: keyof ReturnType<typeof resolveOptions>,
    value: unknown,
  ][] = [
    ["savefile", "savePath", "savePath", ""],
    ["save_to", "saveTo", "saveTo", []],
    ["writer_args", "writerArgs", "writerArgs", {}],
    ["log_interval", "logInterval", "logInterval", 1],
    ["max_samples", "maxSamples", "maxSamples", Infinity],
    ["layerwise_sat", "layerwiseSat", "layerwiseSat", true],
    ["reset_covariance", "resetCovariance", "resetCovariance", true],
    ["average_sat", "averageSat", "averageSat", false],
    ["ignore_layer_names", "ignoreLayerNames", "ignoreLayerNames", new Set()],
    ["include_conv", "includeConv", "includeConv", true],
    ["conv_method", "convMethod", "convMethod", "channelwise"],
    ["timeseries_method", "timeseriesMethod", "timeseriesMethod", "last_timestep"],
    ["sat_threshold", "satThreshold", "satThreshold", 0.99],
    ["verbose", "verbose", "verbose", false],
    ["initial_epoch", "initialEpoch", "initialEpoch", 0],
    ["interpolation_strategy", "interpolationStrategy", "interpolationStrategy", null],
    ["interpolation_downsampling", "interpolationDownsampling", "interpolationDownsampling", 32],
  ];
  const defaults = resolveOptions({ backend: referenceBackend() });

  test.each(SIGNATURE)("%s is %s, with the same default", (_, option, setting, value) => {
    expect(TRACKER_OPTIONS).toContain(option);
    expect(defaults[setting]).toEqual(value);
  });

  test("stats are lsat alone, layer_filter lets all layers through, nosave keeps no file", async () => {
    expect(defaults.statistics.map(({ key }) => key)).toEqual(["lsat"]);
    expect(defaults.layerFilter("anything")).toBe(true);
    const kept = resolveOptions({ backend: referenceBackend(), storage: memoryStorage() }).storage;
    expect(kept.name).toBe("memory");
    const own = { name: "mine", write: () => {} };
    const saveTo = ["csvplot", "print", own];
    const { storage: dropped, ...none } = resolveOptions({
      backend: referenceBackend(),
      storage: kept,
      savePath: "run",
      saveTo,
      nosave: true,
    });
    await dropped.write("file", "text");
    expect(await dropped.read("file")).toBeNull();
    expect(none.saveTo).toEqual(["print", own]);
  });

  // Where layers are found is an adapter's matter, and so is the device that computes.
  test("an option given as undefined is as if left out; modules and device are the adapters'", () => {
    const options = Object.fromEntries(TRACKER_OPTIONS.map((name) => [name, undefined]));
    const {
      storage: _,
      logger,
      layerFilter,
      ...rest
    } = resolveOptions({ ...options, backend: defaults.backend });
    expect(rest).toEqual({ ...defaults, storage: undefined, logger: undefined, layerFilter: undefined });
    expect([logger, layerFilter("any")]).toEqual([defaults.logger, true]);
    expect(() => resolveOptions({ ...options, modules: [] } as never)).toThrow('got "modules"');
  });

  test.each<[object, RegExp]>([
    [{ interpolationStrategy: "linear" }, /interpolationStrategy: must suit feature maps.*"bilinear"/],
    [{ interpolationStrategy: "lanczos" }, /interpolationStrategy: must be one of "nearest".*got "lanczos"/],
    [
      { interpolationDownsampling: 0 },
      /interpolationDownsampling: must be a whole number of at least 1, got 0/,
    ],
    [{ embedSamples: 0 }, /embedSamples: must be a whole number of at least 1, got 0/],
    [{ seed: 0.5 }, /seed: must be a whole number of at least 0, got 0.5/],
    [{ includeConv: "false" }, /includeConv: must be true or false, got "false"/],
    [{ nosave: 1 }, /nosave: must be true or false, got 1/],
    [{ ignoreLayerNames: "fc" }, /ignoreLayerNames: must be a list of names, got "fc"/],
    [{ layerFilter: ["fc"] }, /layerFilter: must be a function, got \[fc\]/],
  ])("%j is refused", (options, message) => {
    expect(() => resolveOptions({ backend: referenceBackend(), ...options })).toThrow(message);
  });
});

describe("which layers", () => {
  test("layerFilter passes over layers, uncounted", async () => {
    const tracker = await openTracker({ layerFilter: (name) => name.startsWith("fc"), logInterval: 2 });
    const recorded = ["fc1", "conv", "fc1", "conv"].map((name) => tracker.record(name, wave([6, 2])));
    expect(recorded).toEqual([false, false, true, false]);
    expect([tracker.wants("conv"), tracker.wants("conv")]).toEqual([false, false]);
    expect(tracker.layers).toEqual(["fc1"]);
    await tracker.close();
  });

  test("includeConv: false passes over convolutions, of any number of axes and however they come", async () => {
    const convolutions = [
      wave([2, 4, 4, 3]),
      wave([2, 3, 4, 4], { layout: "channelsFirst" }),
      wave([2, 4, 3], { kind: "conv" }),
      wave([2, 2, 2, 2, 3]),
    ];
    for (const includeConv of [true, false]) {
      const tracker = await openTracker({ includeConv });
      for (const output of convolutions) {
        expect(tracker.record("conv", output)).toBe(includeConv);
        expect(tracker.record("conv", () => output)).toBe(includeConv);
      }
      expect(tracker.record("fc", wave([2, 3]))).toBe(true);
      expect(tracker.record("rnn", wave([2, 4, 3]))).toBe(true);
      expect(tracker.layers).toEqual(includeConv ? ["conv", "fc", "rnn"] : ["fc", "rnn"]);
      await tracker.addSaturations();
      expect(statOf(tracker, "fc", "lsat").index).toBe(includeConv ? 1 : 0);
      await tracker.close();
    }
  });

  test("layers stand in the order of their first recorded batch", async () => {
    const tracker = await openTracker();
    expect(() => tracker.record("broken", wave([3]))).toThrow();
    tracker.record("b", wave([4, 2]), { phase: "eval" });
    tracker.record("a", wave([4, 2]));
    tracker.record("b", wave([4, 2]));
    expect(tracker.layers).toEqual(["b", "a"]);
    await tracker.close();
  });
});

describe("sampling", () => {
  test("large feature maps are interpolated, those of the target's size or below are not", async () => {
    const tracker = await openTracker({
      interpolationStrategy: "area",
      interpolationDownsampling: 4,
      stats: ["trc"],
    });
    tracker.record("large", wave([2, 8, 8, 3]));
    tracker.record("wide", wave([2, 3, 2, 5], { layout: "channelsFirst" }));
    tracker.record("small", wave([2, 4, 3, 3]));
    tracker.record("line", wave([2, 64, 3], { kind: "conv" }));
    await tracker.addSaturations();
    const samples = ["large", "wide", "small", "line"].map((name) => statOf(tracker, name, "trc").samples);
    expect(samples).toEqual([2 * 16, 2 * 16, 2 * 12, 2 * 64]);
    await tracker.close();
  });

  test("samples and features of convolutions with one, two and three axes of places, in both layouts", async () => {
    const tracker = await openTracker({ stats: ["cov"] });
    for (const layout of ["channelsFirst", "channelsLast"] as const) {
      for (const places of [[5], [5, 2], [5, 2, 3]]) {
        const shape = layout === "channelsFirst" ? [4, 3, ...places] : [4, ...places, 3];
        tracker.record(`${layout} ${places}`, wave(shape, { layout, kind: "conv" }));
      }
    }
    await tracker.addSaturations();
    const sizes = tracker.latest!.records.map((r) => (r.kind === "stat" ? [r.samples, r.features] : []));
    expect(sizes).toEqual([20, 40, 120, 20, 40, 120].map((samples) => [samples, 3]));
    await tracker.close();
  });

  test("seen counts batch entries since the last save", async () => {
    const tracker = await openTracker({ maxSamples: 5 });
    expect(tracker.seen("conv")).toBe(0);
    for (const seen of [3, 5, 5]) {
      tracker.record("conv", wave([3, 2, 2, 1]));
      expect([tracker.seen("conv"), tracker.seen("conv", "eval")]).toEqual([seen, 0]);
    }
    await tracker.addSaturations();
    expect(tracker.seen("conv")).toBe(0);
    await tracker.close();
  });
});

describe("statistics get what they need", () => {
  const samplesOf: Statistic = {
    key: "kept",
    label: "kept",
    needs: ["samples"],
    compute: ({ samples }) => samples,
  };

  test.each<[string[], number, number, number]>([
    [["trc", "cov"], 0, 0, 0],
    [["lsat"], 1, 0, 0],
    [["lsat", "det"], 0, 1, 0],
    [["lsat", "embed", "det"], 0, 0, 1],
  ])(
    "%j: %d searches for the top, %d decompositions without vectors, %d with",
    async (stats, ...expected) => {
      const backend = referenceBackend();
      const calls = (["topSpectrum", "eigvalsh", "eigh"] as const).map((name) => vi.spyOn(backend, name));
      const tracker = await openTracker({ backend, stats });
      tracker.record("fc", wave([20, 3]));
      await tracker.addSaturations();
      expect(calls.map(({ mock }) => mock.calls.length)).toEqual(expected);
      await tracker.close();
    },
  );

  test("samples of each phase, and afresh at each save unless resetCovariance is false", async () => {
    for (const resetCovariance of [true, false]) {
      const tracker = await openTracker({ stats: [samplesOf], resetCovariance });
      const batch = wave([2, 2]);
      for (const rows of [2, resetCovariance ? 2 : 4]) {
        tracker.record("fc", batch);
        await tracker.addSaturations();
        const { value } = statOf(tracker, "fc", "kept");
        const data = Float64Array.from({ length: 2 * rows }, (_, i) => batch.data[i % 4]!);
        expect(value).toEqual({ rows, columns: 2, data });
      }
      tracker.record("fc", wave([3, 2]), { phase: "eval" });
      await tracker.addSaturations();
      expect(statOf(tracker, "fc", "kept", "eval").value).toMatchObject({ rows: 3 });
      await tracker.close();
    }
  });

  test("no more than embedSamples, the same for the same seed, of the same inputs in every layer", async () => {
    const chosen = async (seed: number): Promise<MatrixValue[]> => {
      const tracker = await openTracker({ stats: [samplesOf], embedSamples: 7, seed });
      for (let b = 0; b < 10; b++) {
        const data = Float64Array.from({ length: 30 }, (_, i) => 30 * b + i);
        tracker.record("one", { data, shape: [30, 1] });
        tracker.record("two", {
          data: Float64Array.from({ length: 60 }, (_, i) => data[i >> 1]!),
          shape: [30, 2],
        });
      }
      await tracker.addSaturations();
      await tracker.close();
      return ["one", "two"].map((layer) => statOf(tracker, layer, "kept").value as MatrixValue);
    };
    const [one, two] = await chosen(3);
    expect([one!.rows, two!.rows]).toEqual([7, 7]);
    expect(Array.from(two!.data).filter((_, i) => i % 2 === 0)).toEqual(Array.from(one!.data));
    expect(await chosen(3)).toEqual([one, two]);
    expect(await chosen(4)).not.toEqual([one, two]);
  });

  test("a refused batch leaves no sample behind", async () => {
    const tracker = await openTracker({ stats: [samplesOf] });
    tracker.record("fc", { data: Float64Array.of(1, 2), shape: [2, 1] });
    expect(() => tracker.record("fc", { data: Float64Array.of(3, Number.NaN), shape: [2, 1] })).toThrow();
    await tracker.addSaturations();
    expect(statOf(tracker, "fc", "kept").value).toEqual({ rows: 2, columns: 1, data: Float64Array.of(1, 2) });
    await tracker.close();
  });

  test("embed gives a point of the plane for each sample", async () => {
    const tracker = await openTracker({ stats: ["embed"] });
    tracker.record("fc", { data: Float64Array.of(1, 1, 3, 1, 5, 1), shape: [3, 2] });
    tracker.record("narrow", { data: Float64Array.of(1, 3), shape: [2, 1] });
    await tracker.addSaturations();
    expect(statOf(tracker, "fc", "embed").label).toBe("embedded-sample");
    const points = statOf(tracker, "fc", "embed").value as MatrixValue;
    expect([points.rows, points.columns]).toEqual([3, 2]);
    for (const [i, x] of [-2, 0, 0, 0, 2, 0].entries()) expect(points.data[i]).toBeCloseTo(x, 14);
    expect(statOf(tracker, "narrow", "embed").value).toMatchObject({ data: Float64Array.of(-1, 0, 1, 0) });
    await tracker.close();
  });

  test("matrices that no writer keeps are a warning", async () => {
    const own = { name: "mine", write: () => {} };
    for (const [saveTo, warnings] of [
      ["csv", 1],
      [["csv", "print"], 1],
      [["csv", "npy"], 0],
      [["csv", own], 0],
      [[], 0],
    ] as const) {
      const logger = vi.fn();
      const tracker = await openTracker({ stats: ["lsat", "cov"], saveTo, savePath: "run", logger });
      expect(logger).toHaveBeenCalledTimes(warnings);
      if (warnings > 0)
        expect(logger.mock.calls[0]![1]).toMatch(/"cov" is a matrix, which only the writer "npy"/);
      await tracker.close();
    }
  });

  test.each([
    ["csv", 1],
    ["tensorboard", 0],
    ["npy", 0],
  ])("a spectrum that %s alone is given: %d warnings", async (saveTo, warnings) => {
    const logger = vi.fn();
    const tracker = await openTracker({ stats: ["spectrum"], saveTo, savePath: "run", logger });
    expect(logger).toHaveBeenCalledTimes(warnings);
    await tracker.close();
  });

  test("samples that were not asked for are an error that says so", async () => {
    const stats = [{ ...samplesOf, needs: ["moments"] as const }];
    const tracker = await openTracker({ stats });
    tracker.record("fc", wave([4, 2]));
    await expect(tracker.addSaturations()).rejects.toThrow(
      'layer "fc" (train): stats: a statistic that reads samples',
    );
    await tracker.close();
  });
});
