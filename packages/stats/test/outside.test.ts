import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOutside } from "@delve/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SaveRecord } from "../src/records.js";
import { nodeFileStorage } from "../src/storage/node-file-storage.js";
import { CsvWriter } from "../src/writers/csv-writer.js";
import { NpyWriter } from "../src/writers/npy-writer.js";
import { TensorBoardWriter } from "../src/writers/tensorboard-writer.js";
import { fromHex, python } from "./support/python.js";
import { saveOf, scalar, stat, writeRun } from "./support/saves.js";

// Our files in the hands of the programs that their users have.
const numpy = findOutside("numpy");
const pandas = findOutside("pandas");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "delve-outside-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const VALUES = [
  0.1,
  1 / 3,
  0.30000000000000004,
  1e-5,
  1e16,
  5e-324,
  Number.MAX_VALUE,
  -0,
  123456789,
  Infinity,
  -Infinity,
];
const spectrum = { rows: 1, columns: 4, data: Float64Array.of(4, 1, 1, 0) };

/** One save for each value, with all kinds of records. */
const SAVES: readonly SaveRecord[] = VALUES.map((value, epoch) =>
  saveOf(
    epoch,
    scalar("loss", value),
    stat({ value: value / 2 }),
    stat({
      layer: "conv;1",
      index: 1,
      stat: "idim",
      label: "intrinsic-dimensionality",
      value: epoch,
      integer: true,
    }),
    stat({ phase: "eval", value: epoch === 2 ? null : 0.25 }),
    stat({
      stat: "cov",
      label: "covariance-matrix",
      value: { rows: 2, columns: 2, data: Float64Array.of(value, 1, 1, 2) },
    }),
    stat({ stat: "spectrum", label: "spectrum", value: spectrum }),
  ),
);
const storage = () => nodeFileStorage({ root: folder });

test("hexadecimal numbers are read", () => {
  for (const value of VALUES) expect(fromHex(hexOf(value))).toBe(value);
});

function hexOf(value: number): string {
  const [, hex] = VALUES_HEX.find(([known]) => Object.is(known, value))!;
  return hex;
}

// From Python's float.hex.
const VALUES_HEX: readonly [number, string][] = [
  [0.1, "0x1.999999999999ap-4"],
  [1 / 3, "0x1.5555555555555p-2"],
  [0.30000000000000004, "0x1.3333333333334p-2"],
  [1e-5, "0x1.4f8b588e368f1p-17"],
  [1e16, "0x1.1c37937e08000p+53"],
  [5e-324, "0x0.0000000000001p-1022"],
  [Number.MAX_VALUE, "0x1.fffffffffffffp+1023"],
  [-0, "-0x0.0p+0"],
  [123456789, "0x1.d6f3454000000p+26"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
];

describe.skipIf(pandas === null)("pandas", () => {
  test("reads the CSV, every float to the last bit", async () => {
    await writeRun(new CsvWriter(), storage(), SAVES, { savePath: "pandas" });
    const { index, columns } = python<{
      index: number[];
      columns: { name: string; dtype: string; values: string[]; fast: string[] }[];
    }>(pandas!, "read_csv.py", join(folder, "pandas.csv"));
    expect(index).toEqual(SAVES.map(({ epoch }) => epoch));
    expect(columns.map(({ name, dtype }) => [name, dtype])).toEqual([
      ["loss", "float64"],
      ["train-saturation_fc", "float64"],
      ["train-intrinsic-dimensionality_conv;1", "int64"],
      ["eval-saturation_fc", "float64"],
    ]);
    const [loss, saturation, idim, evaluated] = columns.map(({ values }) => values.map(fromHex));
    expect(loss).toEqual(VALUES);
    for (const [epoch, text] of columns[0]!.fast.entries()) {
      const value = VALUES[epoch]!;
      if (Math.abs(value) < 1e300 && Math.abs(value) > 1e-300) {
        expect(Math.abs(fromHex(text) - value)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(value));
      }
    }
    expect(saturation).toEqual(VALUES.map((value) => value / 2));
    expect(idim).toEqual(VALUES.map((_, epoch) => epoch));
    expect(evaluated).toEqual(VALUES.map((_, epoch) => (epoch === 2 ? Number.NaN : 0.25)));
  });
});

describe.skipIf(numpy === null)("NumPy", () => {
  test("loads every file of the tree, and of the zip beside it", async () => {
    await writeRun(new NpyWriter({ zip: true }), storage(), SAVES, { savePath: "numpy" });
    const files = python<Record<string, { dtype: string; shape: number[]; values: string[] }>>(
      numpy!,
      "load_npy.py",
      join(folder, "numpy"),
    );
    // Six records a save, of which one has no value once.
    expect(Object.keys(files)).toHaveLength(6 * VALUES.length - 1);
    for (const [epoch, value] of VALUES.entries()) {
      const at = (key: string) => {
        const { dtype, shape, values } = files[`${key}/${key}_epoch${epoch}.npy`]!;
        return [dtype, shape, values.map(fromHex)];
      };
      expect(at("loss")).toEqual(["<f8", [], [value]]);
      expect(at("_train-intrinsic-dimensionality_conv;1")).toEqual(["<i8", [], [epoch]]);
      expect(at("_train-covariance-matrix_fc")).toEqual(["<f8", [2, 2], [value, 1, 1, 2]]);
      expect(at("_train-spectrum_fc")).toEqual(["<f8", [1, 4], [...spectrum.data]]);
    }
    const { names, arrays } = python<{ names: string[]; arrays: Record<string, string[]> }>(
      numpy!,
      "read_zip.py",
      join(folder, "numpy.zip"),
    );
    expect(names).toEqual(
      ["numpy/epoch_counter.json", ...Object.keys(files).map((path) => `numpy/${path}`)].sort(),
    );
    expect(arrays["numpy/loss/loss_epoch1.npy"]!.map(fromHex)).toEqual([1 / 3]);
  });
});

interface Event {
  readonly step: number;
  readonly wallTime: number;
  readonly fileVersion?: string;
  readonly sessionLog?: Record<string, number>;
  readonly values: readonly { tag: string; value?: string; histogram?: Record<string, string | string[]> }[];
}

describe.skipIf(numpy === null)("a reader of event files in Python", () => {
  const decode = async (savePath: string): Promise<Event[][]> => {
    const files = (await readdir(join(folder, savePath))).filter((name) => name.includes("tfevents")).sort();
    return python(numpy!, "decode_events.py", ...files.map((name) => join(folder, savePath, name)));
  };

  test("finds checksums, order, steps, times, tags and values right", async () => {
    await writeRun(new TensorBoardWriter(), storage(), SAVES, { savePath: "events" });
    const [[version, ...events], ...others] = (await decode("events")) as [Event[], ...Event[][]];
    expect(others).toEqual([]);
    expect(version).toEqual({ step: 0, wallTime: 1_700_000_000, fileVersion: "brain.Event:2", values: [] });
    expect(events.map(({ step, wallTime }) => [step, wallTime])).toEqual(
      SAVES.map(({ epoch, time }) => [epoch, time / 1000]),
    );
    for (const [epoch, { values }] of events.entries()) {
      const value = VALUES[epoch]!;
      const numbers = values.filter(({ histogram }) => histogram === undefined);
      expect(numbers.map(({ tag, value }) => [tag, fromHex(value!)])).toEqual([
        ["loss", Math.fround(value)],
        ["saturation/train/fc", Math.fround(value / 2)],
        ["intrinsic-dimensionality/train/conv;1", epoch],
        ...(epoch === 2 ? [] : [["saturation/eval/fc", 0.25]]),
      ]);
      const [spectra, ...more] = values.filter(({ histogram }) => histogram !== undefined);
      expect(more).toEqual([]);
      expect(spectra!.tag).toBe("spectrum/train/fc");
      const { counts, limits, ...sums } = spectra!.histogram!;
      expect(Object.entries(sums).map(([name, text]) => [name, fromHex(text as string)])).toEqual([
        ["min", 0],
        ["max", 4],
        ["count", 4],
        ["sum", 6],
        ["sumOfSquares", 18],
      ]);
      const filled = (counts as string[]).map(fromHex).filter((count) => count > 0);
      expect(filled).toEqual([1, 2, 1]);
      const ends = (limits as string[]).map(fromHex);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
    }
  });

  test("finds a resumed run: earlier events as they were, none twice", async () => {
    const before = SAVES.slice(0, 5);
    await writeRun(new TensorBoardWriter(), storage(), before, { savePath: "resumed" });
    await writeRun(new TensorBoardWriter(), storage(), SAVES.slice(3), {
      savePath: "resumed",
      initialEpoch: 3,
    });
    const files = await decode("resumed");
    expect(files.map((file) => file.map(({ step }) => step))).toEqual([
      [0, 0, 1, 2],
      [0, 3, 3, 4, 5, 6, 7, 8, 9, 10],
    ]);
    // SessionLog.START: TensorBoard forgets what it may have read of these steps.
    expect(files[1]![1]!.sessionLog).toEqual({ 1: 1 });
  });
});
