import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { failingStorage } from "../../test/support/saves.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { AppendLog } from "./append-log.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the first record replaces what there was, head first; nothing happens before", async () => {
  const storage = memoryStorage();
  await storage.write("log", "old");
  const log = new AppendLog(storage, "log", bytes("head "));
  await log.sync();
  expect(await storage.read("log")).toEqual(bytes("old"));
  await log.append(bytes("one "));
  await log.append(bytes("two "));
  expect(await storage.read("log")).toEqual(bytes("head one two "));
});

test("whatever fails, records stay whole, in order, and none is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (failures) => {
      let full = false;
      const memory = memoryStorage();
      const log = new AppendLog(
        failingStorage(memory, () => full),
        "log",
        bytes("head;"),
      );
      for (const [i, fails] of failures.entries()) {
        full = fails;
        const done = log.append(bytes(`${i};`));
        if (fails) await expect(done).rejects.toThrow('cannot write "log"');
        else await done;
      }
      full = false;
      await log.sync();
      const text = new TextDecoder().decode((await memory.read("log")) ?? new Uint8Array(0));
      expect(text).toBe(failures.length === 0 ? "" : `head;${failures.map((_, i) => `${i};`).join("")}`);
    }),
  );
});
