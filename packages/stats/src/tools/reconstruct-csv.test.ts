import { fixturePath, readCase } from "@delve/conformance";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test, vi } from "vitest";
import type { LayerOutput } from "../sampling/layer-output.js";
import { seededRandom } from "../sampling/random.js";
import type { Statistic } from "../statistics/statistic.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { nodeFileStorage } from "../storage/node-file-storage.js";
import type { Storage } from "../storage/storage.js";
import { SaturationTracker } from "../tracker.js";
import { encodeNpy } from "../writers/npy.js";
import { reconstructCsv } from "./reconstruct-csv.js";
import { readRunTable } from "./run-table.js";

const backend = referenceBackend();
const silent = () => {};

/** Numbers by column, a list of saves each. */
function numbersOf(csv: string): Record<string, (number | null)[]> {
  const table = readRunTable("numbersOf", csv);
  return Object.fromEntries(
    table.columns.map((column) => [column, table.epochs.map((epoch) => table.value(epoch, column))]),
  );
}

describe("the tree of Python Delve", () => {
  interface Golden {
    readonly thresh: number | null;
    readonly stats: string | string[];
    readonly values: Record<string, (number | null)[] | "matrices">;
  }
  const { reconstruct } = readCase<{ reconstruct: Golden[] }>("writers/npy_3_epochs/case.json");
  const storage = nodeFileStorage({ root: fixturePath("writers/npy_3_epochs/files") });
  const options = { storage, backend, idimRule: "delve" } as const;

  const same = reconstruct.filter(({ stats }) => !stats.includes("det"));
  test.each(same)(
    "threshold $thresh, statistics $stats: the same numbers",
    async ({ thresh, stats, values }) => {
      const [table] = await reconstructCsv("run", {
        ...options,
        ...(thresh === null ? {} : { thresholds: [thresh] }),
        ...(Array.isArray(stats) ? { stats } : {}),
      });
      // Delve leaves the "_" of the folders before the names, which its own plots then take for the layers'.
      const golden = Object.entries(values).filter(([, numbers]) => numbers !== "matrices");
      const expected = Object.fromEntries(
        golden.map(([column, numbers]) => [column.replace(/^_/, ""), numbers]),
      );
      expect(table!.threshold).toBe(thresh);
      expect(numbersOf(table!.csv)).toEqual(expected);
    },
  );

  test("determinants are computed anew, where Delve leaves their cells empty", async () => {
    const golden = reconstruct.find(({ stats }) => stats.includes("det"))!;
    expect(golden.values["_eval-covariance-determinant_fc"]).toEqual([null, null, null]);
    const [saved] = await reconstructCsv("run", options);
    const [anew] = await reconstructCsv("run", {
      ...options,
      thresholds: [0.99],
      stats: ["lsat", "det", "dtrc"],
    });
    const [before, after] = [numbersOf(saved!.csv), numbersOf(anew!.csv)];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [column, numbers] of Object.entries(before)) {
      for (const [i, number] of numbers.entries()) expect(after[column]![i]).toBeCloseTo(number!, 12);
    }
    expect(after).not.toEqual(before);
  });

  test("columns stand in the order of the run, not of the folders", async () => {
    const { epoch_counter } = readCase<{ epoch_counter: object }>("writers/npy_3_epochs/case.json");
    const names = Object.keys(epoch_counter).map((key) => key.replace(/^_/, ""));
    const [table] = await reconstructCsv("run/", options);
    expect(Object.keys(numbersOf(table!.csv))).toEqual(names.filter((name) => !name.includes("matrix")));
  });

  test("several thresholds in one go, each as if alone", async () => {
    const thresholds = [0.5, 0.9, 0.97];
    const together = await reconstructCsv("run", { ...options, thresholds });
    for (const [i, threshold] of thresholds.entries()) {
      expect([together[i]]).toEqual(await reconstructCsv("run", { ...options, thresholds: [threshold] }));
    }
  });

  test("text among the values leaves a gap and is logged", async () => {
    const logger = vi.fn();
    const [table] = await reconstructCsv("value_types", { storage, logger });
    expect(table!.csv).toBe(";b;f;i\n0;1.0;0.5;3\n1;;;4\n");
    expect(logger).toHaveBeenCalledOnce();
    expect(logger.mock.calls[0]![1]).toMatch(/^"s" has no value at save 0: .* got <U3$/);
  });

  test("a folder without a tree gives a table without columns, as Delve's", async () => {
    const logger = vi.fn();
    const { reconstruct_empty_dir } = readCase<{ reconstruct_empty_dir: { csv: string } }>(
      "writers/npy_3_epochs/case.json",
    );
    expect(await reconstructCsv("none", { storage, logger })).toEqual([
      { threshold: null, csv: reconstruct_empty_dir.csv },
    ]);
    expect(logger).toHaveBeenCalledWith("warn", '"none/" holds no tree of .npy files', { path: "none/" });
  });
});

describe("our own tree", () => {
  const layers = { conv_10: 6, conv_9: 5, evaluator: 4, "../=x": 3 };

  /** Samples of falling variance. */
  function samplesOf(features: number, seed: number): LayerOutput {
    const random = seededRandom(seed);
    const data = Float64Array.from(
      { length: 80 * features },
      (_, i) => (random() - 0.5) * 0.6 ** (i % features),
    );
    return { data, shape: [80, features] };
  }

  /** A run of three saves, evaluated at the second only. */
  async function run(satThreshold: number, saveTo: string, stats: string[]): Promise<Storage> {
    const storage = memoryStorage();
    const options = { backend, storage, savePath: "run", logger: silent };
    const tracker = await SaturationTracker.open({ ...options, saveTo, stats, satThreshold });
    for (const epoch of [0, 1, 2]) {
      tracker.addScalar("loss", 1 / (epoch + 1));
      for (const [i, [layer, features]] of Object.entries(layers).entries()) {
        tracker.record(layer, samplesOf(features, 10 * epoch + i), { phase: "train" });
        if (epoch === 1) tracker.record(layer, samplesOf(features, 100 + i), { phase: "eval" });
      }
      await tracker.addSaturations();
    }
    await tracker.close();
    return storage;
  }

  const asWritten = async (satThreshold: number, stats: string[]): Promise<string> => {
    const storage = await run(satThreshold, "csv", stats);
    return new TextDecoder().decode((await storage.read("run.csv"))!);
  };

  test.each([
    { source: "spectrum", backend: undefined },
    { source: "cov", backend },
  ])(
    "from $source, the text that the run would have written with another threshold",
    async ({ source, backend }) => {
      const stats = ["lsat", "idim", "trc"];
      const storage = await run(0.99, "npy", ["lsat", "idim", source, "trc"]);
      const thresholds = [0.3, 0.9, 0.99, 1];
      const tables = await reconstructCsv("run", { storage, backend, thresholds });
      for (const { threshold, csv } of tables) expect(csv).toBe(await asWritten(threshold!, stats));
      expect(new Set(tables.map(({ csv }) => csv)).size).toBe(4);
      const [saved] = await reconstructCsv("run", { storage });
      expect(saved).toEqual({ threshold: null, csv: tables[2]!.csv });
    },
  );

  test("statistics that were never saved come from the spectrum alone", async () => {
    const storage = await run(0.99, "npy", ["spectrum"]);
    const stats = ["trc", "dtrc", "det", "logdet", "lsat"];
    const [table] = await reconstructCsv("run", { storage, thresholds: [0.9], stats });
    const written = numbersOf(await asWritten(0.9, stats));
    const anew = numbersOf(table!.csv);
    expect(Object.keys(anew)).toEqual(Object.keys(written));
    for (const [column, numbers] of Object.entries(written)) {
      for (const [i, number] of numbers.entries()) {
        if (number === null) expect(anew[column]![i]).toBeNull();
        else expect(Math.abs(anew[column]![i]! - number)).toBeLessThanOrEqual(1e-12 * Math.abs(number));
      }
    }
  });

  test("a statistic of one's own, from eigenvalues", async () => {
    const largest: Statistic = {
      key: "top1",
      label: "largest_variance",
      needs: ["top"],
      compute: ({ spectrum }) => spectrum.values[0]!,
    };
    const storage = await run(0.99, "npy", ["spectrum"]);
    const [table] = await reconstructCsv("run", { storage, thresholds: [0.9], stats: [largest] });
    const { "train-largest_variance_conv_9": values } = numbersOf(table!.csv);
    expect(values!.every((value) => value! > 0.05 && value! < 0.15)).toBe(true);
  });

  test("layers without a source keep what does not depend on the threshold, and are logged", async () => {
    const logger = vi.fn();
    const storage = await run(0.99, "npy", ["lsat", "trc"]);
    const [table] = await reconstructCsv("run", { storage, thresholds: [0.9], logger });
    expect(table!.csv).toBe(await asWritten(0.9, ["trc"]));
    expect(logger).toHaveBeenCalledOnce();
    expect(logger.mock.calls[0]![1]).toMatch(
      /^"run\/" has no spectra and no covariance matrices of "conv_10" \(train\), .*: lsat, idim are left out$/,
    );
  });

  test.each([
    ["is cut", new Uint8Array(100)],
    ["holds NaN", encodeNpy({ dtype: "<f8", shape: [1, 2], data: Float64Array.of(1, Number.NaN) })],
    ["holds no floats", encodeNpy({ dtype: "|b1", shape: [1], data: Uint8Array.of(1) })],
    ["is empty", encodeNpy({ dtype: "<f8", shape: [0], data: new Float64Array(0) })],
  ])("a spectrum that %s leaves a gap and is logged", async (_, bytes) => {
    const storage = await run(0.99, "npy", ["spectrum"]);
    const path = (await storage.list("run/_train-spectrum_conv_9/"))[1]!;
    await storage.write(path, bytes);
    const logger = vi.fn();
    const [table] = await reconstructCsv("run", { storage, thresholds: [0.9], logger });
    const numbers = numbersOf(table!.csv)["train-saturation_conv_9"]!;
    expect(numbers.map((number) => number === null)).toEqual([false, true, false]);
    expect(logger).toHaveBeenCalledOnce();
    expect(logger.mock.calls[0]![1]).toContain(
      `"conv_9" (train) has no values at save 1: "${path}" cannot be used`,
    );
  });

  test("a covariance matrix that is none leaves a gap and is logged", async () => {
    const storage = await run(0.99, "npy", ["cov"]);
    const [path] = await storage.list("run/_train-covariance-matrix_conv_9/");
    await storage.write(path!, encodeNpy({ dtype: "<f8", shape: [2, 3], data: new Float64Array(6) }));
    const logger = vi.fn();
    const [table] = await reconstructCsv("run", { storage, backend, thresholds: [0.9], logger });
    expect(numbersOf(table!.csv)["train-saturation_conv_9"]![0]).toBeNull();
    expect(logger).toHaveBeenCalledOnce();
  });

  test("covariance matrices need a backend", async () => {
    const storage = await run(0.99, "npy", ["cov"]);
    await expect(reconstructCsv("run", { storage, thresholds: [0.9] })).rejects.toThrow(
      'reconstructCsv: backend must be given, because "run/" has covariance matrices, got none',
    );
  });
});

test.each<[Parameters<typeof reconstructCsv>[1], string]>([
  [{ thresholds: [0.9, 1.5] }, "reconstructCsv: threshold must be in (0, 1], got 1.5"],
  [{ thresholds: [] }, "reconstructCsv: thresholds must be a list such as [0.9], got []"],
  [{ thresholds: 0.9 as never }, "thresholds must be a list such as [0.9], got 0.9"],
  [{ stats: ["lsatt"] }, 'did you mean "lsat"?'],
  [{ stats: ["embed"] }, 'stats must need eigenvalues only, got "embed", which needs vectors'],
  [{ stats: ["cov"] }, 'stats must need eigenvalues only, got "cov", which needs moments'],
  [{ idimRule: "delv" as "delve" }, 'did you mean "delve"?'],
])("%j is refused", async (options, message) => {
  await expect(reconstructCsv("run", { storage: memoryStorage(), ...options })).rejects.toThrow(message);
});
