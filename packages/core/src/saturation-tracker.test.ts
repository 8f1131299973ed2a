import { type Backend, loadKernel } from "@delve/kernel";
import { memoryStorage, type SaveRecord, type Writer } from "@delve/stats";
import { describe, expect, test, vi } from "vitest";
import { NonFiniteError, ShapeError } from "./index.js";
import { SaturationTracker } from "./saturation-tracker.js";

const CROSS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/** `phase layer stat` → value, of the last save. */
function values(tracker: SaturationTracker): Record<string, unknown> {
  return Object.fromEntries(
    tracker.latest!.records.map((record) =>
      record.kind === "scalar"
        ? [record.name, record.value]
        : [`${record.phase} ${record.layer} ${record.stat}`, record.value],
    ),
  );
}

describe("SaturationTracker", () => {
  test("records by hand, train and eval apart", async () => {
    const tracker = await SaturationTracker.open({ stats: ["lsat", "idim"] });
    expect(tracker.record("fc", CROSS)).toBe(true);
    tracker.record("fc", { data: Float32Array.of(1, 1, -1, -1), shape: [2, 2] }, { phase: "eval" });
    tracker.record("head", [[1], [2]], { phase: "eval" });
    tracker.addScalar("loss", 0.5);
    await tracker.addSaturations();
    expect(values(tracker)).toMatchObject({
      "train fc lsat": 1,
      "train fc idim": 2,
      "eval fc lsat": 0.5,
      "eval head idim": 1,
      loss: 0.5,
    });
    expect(tracker.layers).toEqual(["fc", "head"]);
    await tracker.close();
  });

  test("takes feature maps and sequences in any order of axes", async () => {
    const tracker = await SaturationTracker.open({ stats: ["idim"], timeseriesMethod: "tokenwise" });
    // Two channels, the second always 0; places vary.
    const nhwc = [[[[1, 0], [2, 0]], [[3, 0], [4, 0]]]]; // biome-ignore format: one image
    const nchw = { data: Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0), shape: [1, 2, 2, 2] };
    const strided = { ...nchw, shape: [1, 2, 2, 2], strides: [8, 2, 1, 4] };
    tracker.record("nested", nhwc);
    tracker.record("channels first", nchw, { layout: "channelsFirst" });
    tracker.record("strided", strided);
    tracker.record(
      "sequence",
      { data: nchw.data, shape: [1, 2, 4] },
      { layout: "channelsFirst", kind: "sequence" },
    );
    await tracker.addSaturations();
    const { records } = tracker.latest!;
    const counted = records.flatMap((record) =>
      record.kind === "stat" && record.phase === "train"
        ? [[record.layer, record.samples, record.features, record.value]]
        : [],
    );
    expect(counted).toEqual([
      ["nested", 4, 2, 1],
      ["channels first", 4, 2, 1],
      ["strided", 4, 2, 1],
      ["sequence", 4, 2, 1],
    ]);
    await tracker.close();
  });

  test("throws by default and keeps what was recorded", async () => {
    const tracker = await SaturationTracker.open({ stats: ["idim"] });
    tracker.record("fc", CROSS);
    expect(() => tracker.record("fc", [[1, Number.NaN]])).toThrow(NonFiniteError);
    expect(() => tracker.record("fc", [[1, Number.NaN]])).toThrow(
      /layer "fc" \(train\): .*NaN at row 0, feature 1/,
    );
    expect(() => tracker.record("fc", [[1, 2, 3]])).toThrow(ShapeError);
    expect(() => tracker.record("fc", [[1], [1, 2]])).toThrow(
      'layer "fc" (train): record: every array of a level must hold 1 values like the first, got 2 at x[1]',
    );
    expect(() => tracker.record("fc", { data: [], shape: [0, 2] })).toThrow(ShapeError);
    await tracker.addSaturations();
    expect(values(tracker)["train fc idim"]).toBe(2);
    await tracker.close();
  });

  test("warns instead when asked to, whatever is wrong with the batch", async () => {
    const logger = vi.fn();
    const tracker = await SaturationTracker.open({ onError: "warn", logger });
    expect(tracker.record("fc", [[1], [1, 2]])).toBe(false);
    expect(tracker.record("fc", [[Number.NaN]])).toBe(false);
    expect(logger.mock.calls.map(([level]) => level)).toEqual(["warn"]);
    expect(tracker.dropped.get("fc")).toBe(2);
    await tracker.close();
  });

  test("does not read a tensor that is not recorded", async () => {
    const tracker = await SaturationTracker.open({ logInterval: 2 });
    const dataSync = vi.fn(() => Float32Array.of(1, 2));
    const tensor = { shape: [2, 1], dataSync };
    expect([1, 2, 3, 4].map(() => tracker.record("fc", tensor))).toEqual([false, true, false, true]);
    tracker.stop();
    expect([tracker.record("fc", tensor), tracker.isRecording]).toEqual([false, false]);
    tracker.resume();
    expect(dataSync).toHaveBeenCalledTimes(2);
    await tracker.close();
  });

  test("writes through writers and storage", async () => {
    const storage = memoryStorage();
    const saves: SaveRecord[] = [];
    const writer: Writer = { name: "list", write: (save) => void saves.push(save) };
    const tracker = await SaturationTracker.open({ savePath: "runs/hand", saveTo: ["csv", writer], storage });
    tracker.record("fc", CROSS);
    await tracker.addSaturations({ save: false });
    expect(saves).toEqual([]);
    await tracker.save();
    await tracker.close();
    expect(saves).toHaveLength(1);
    expect([tracker.savePath, tracker.storage]).toEqual(["runs/hand", storage]);
    const csv = new TextDecoder().decode((await storage.read("runs/hand.csv"))!);
    expect(csv).toContain("train-saturation_fc");
  });

  test("computes where it is told to", async () => {
    const { referenceBackend } = await import("@delve/kernel/reference");
    for (const options of [{ device: "reference" as const }, { backend: referenceBackend() }]) {
      await using tracker = await SaturationTracker.open(options);
      tracker.record("fc", CROSS);
      await tracker.addSaturations();
      expect(values(tracker)["train fc lsat"]).toBe(1);
    }
  });

  test("refuses unknown options of all kinds", async () => {
    // @ts-expect-error: no such option
    await expect(SaturationTracker.open({ savefile: "x" })).rejects.toThrow(/savefile/);
    await expect(SaturationTracker.open({ stats: ["nope"] })).rejects.toThrow(/nope/);
    const tracker = await SaturationTracker.open();
    // @ts-expect-error: no such option
    expect(() => tracker.record("fc", CROSS, { fase: "train" })).toThrow(
      /among phase, layout, kind, got "fase"/,
    );
    // @ts-expect-error: no such phase
    expect(() => tracker.record("fc", CROSS, { phase: "test" })).toThrow(/phase/);
    // @ts-expect-error: no such layout
    expect(() => tracker.record("fc", CROSS, { layout: "NCHW" })).toThrow(/layout must be one of/);
    await tracker.close();
  });
});

describe("the backend of a tracker", () => {
  test("is its own and goes with it, whether it is closed or never opens", async () => {
    vi.resetModules();
    const loaded: Backend[] = [];
    vi.doMock("@delve/kernel", async (original) => {
      const kernel = await original<typeof import("@delve/kernel")>();
      const openBackend: typeof kernel.openBackend = async (...choice) => {
        const backend = await kernel.openBackend(...choice);
        loaded.push(backend);
        return backend;
      };
      return { ...kernel, openBackend };
    });
    const { SaturationTracker } = await import("./saturation-tracker.js");
    const tracker = await SaturationTracker.open();
    tracker.record("fc", CROSS);
    const closing = tracker.close();
    expect(loaded[0]!.createMoments(1).features).toBe(1);
    await closing;
    await expect(SaturationTracker.open({ stats: ["nope"] })).rejects.toThrow(RangeError);
    expect(loaded).toHaveLength(2);
    for (const backend of loaded) expect(() => backend.createMoments(1)).toThrow(/disposed/);
    vi.doUnmock("@delve/kernel");
  });

  test("stays as it is when it was handed in", async () => {
    const backend = await loadKernel();
    const tracker = await SaturationTracker.open({ backend });
    await tracker.close();
    expect(backend.createMoments(1).features).toBe(1);
  });
});
