import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { saveOf, scalar, stat, writeRun } from "../../test/support/saves.js";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { decodeJsonl, encodeJsonl, jsonlBefore } from "./jsonl.js";
import { JsonlWriter } from "./jsonl-writer.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = async (storage: Storage, path = "runs/mlp.jsonl") =>
  new TextDecoder().decode((await storage.read(path))!);

const matrix = { rows: 1, columns: 1, data: new Float64Array(1) };

describe("rows", () => {
  test("one for each number, as a reader of JSON sees them", () => {
    const text = encodeJsonl(
      "mlp",
      saveOf(
        3,
        scalar("loss", 0.25),
        stat({ phase: "eval", index: 2, value: null, samples: 0 }),
        stat({ value: matrix }),
      ),
    );
    expect(text.endsWith("\n")).toBe(true);
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        run: "mlp",
        epoch: 3,
        step: 3,
        time: 1_700_000_004_500,
        phase: null,
        layer: null,
        index: null,
        stat: "loss",
        value: 0.25,
        n: null,
        features: null,
        undersampled: null,
      },
      {
        run: "mlp",
        epoch: 3,
        step: 3,
        time: 1_700_000_004_500,
        phase: "eval",
        layer: "fc",
        index: 2,
        stat: "lsat",
        value: null,
        n: 0,
        features: 8,
        undersampled: false,
      },
    ]);
  });

  test("numbers come back bit for bit, names unit for unit", () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.double(), fc.string({ unit }), (value, name) => {
        const rows = decodeJsonl(
          bytes(encodeJsonl(name, saveOf(0, scalar(name, value), stat({ layer: name, value })))),
        );
        expect(rows.map((row) => row.value)).toEqual([value, value]);
        expect(Object.is(rows[0]!.value, value)).toBe(true);
        expect(rows.map(({ run, stat, layer }) => [run, stat, layer])).toEqual([
          [name, name, null],
          [name, "lsat", name],
        ]);
      }),
    );
  });

  test("a row that was cut anywhere is left out, the others stay", () => {
    const whole = bytes(encodeJsonl("r", saveOf(0, scalar("ä", 1), scalar("b", 2))));
    const first = whole.indexOf(10) + 1;
    for (let length = 0; length < whole.length; length++) {
      expect(decodeJsonl(whole.subarray(0, length))).toHaveLength(length < first ? 0 : 1);
    }
    expect(jsonlBefore(whole.subarray(0, whole.length - 1), 1)).toEqual(whole.subarray(0, first));
  });

  test.each(['{"epoch":0}\n', "7\n", "null\n", "{\n", '{"epoch":0,"stat":"a"}\n\n'])(
    "%j is refused",
    (text) => {
      expect(() => decodeJsonl(bytes(text))).toThrow(/line \d is no row/);
    },
  );
});

describe("a run", () => {
  const saves = [0, 1, 2].map((epoch) =>
    saveOf(epoch, scalar("loss", 1 / (epoch + 3)), stat({ value: epoch / 7 })),
  );

  test("grows by a save at a time; a fresh one replaces an older one's file", async () => {
    const storage = memoryStorage();
    await storage.write("runs/mlp.jsonl", "old");
    expect(await writeRun(new JsonlWriter(), storage, saves)).toEqual([]);
    expect(await textOf(storage)).toBe(saves.map((save) => encodeJsonl("mlp", save)).join(""));
  });

  test("goes on: rows from its first save on and the torn one are dropped, the others stay as they are", async () => {
    const storage = memoryStorage();
    await writeRun(new JsonlWriter(), storage, saves);
    await storage.append("runs/mlp.jsonl", '{"run":"mlp","epoch":3,');
    expect(
      await writeRun(new JsonlWriter(), storage, [saveOf(1, scalar("again", 9))], { initialEpoch: 1 }),
    ).toEqual([]);
    const again = encodeJsonl("mlp", saveOf(1, scalar("again", 9)));
    expect(await textOf(storage)).toBe(encodeJsonl("mlp", saves[0]!) + again);
  });

  test("nothing to go on from: a warning", async () => {
    const messages = await writeRun(new JsonlWriter(), memoryStorage(), [], { initialEpoch: 2 });
    expect(messages).toEqual([
      { level: "warn", message: '"runs/mlp.jsonl" does not exist: the rows start at save 2' },
    ]);
  });

  test("a damaged file is left alone", async () => {
    const storage = memoryStorage();
    await storage.write("runs/mlp.jsonl", '{"epoch":0,"stat":"a"}\nrubbish\n');
    const [message] = await writeRun(new JsonlWriter(), storage, [saves[2]!], { initialEpoch: 2 });
    expect(message?.message).toContain('(line 2 is no row): the rows go to "runs/mlp-2.jsonl"');
    expect(await textOf(storage)).toBe('{"epoch":0,"stat":"a"}\nrubbish\n');
    expect(await textOf(storage, "runs/mlp-2.jsonl")).toBe(encodeJsonl("mlp", saves[2]!));
  });

  test("flushes when asked, and at the end", async () => {
    const synced: string[] = [];
    const storage = { ...memoryStorage(), sync: async (path: string) => void synced.push(path) };
    await writeRun(new JsonlWriter(), storage, saves);
    expect(synced).toEqual(["runs/mlp.jsonl"]);
  });

  test("must be opened", async () => {
    await expect(new JsonlWriter().write(saves[0]!)).rejects.toThrow(/open must be called/);
  });
});
