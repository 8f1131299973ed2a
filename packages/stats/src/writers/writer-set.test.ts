import { referenceBackend } from "@delve/kernel/reference";
import { expect, test, vi } from "vitest";
import { runOn, saveOf } from "../../test/support/saves.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { SaturationTracker } from "../tracker.js";
import type { Writer } from "./writer.js";
import { WriterSet } from "./writer-set.js";

const good = () => ({ name: "good", write: vi.fn(), flush: vi.fn(), close: vi.fn() });
const failing = (deed: "open" | "write" | "flush" | "close"): Writer => ({
  name: "bad",
  write: () => {},
  [deed]: () => {
    throw new Error(`no ${deed}`);
  },
});

test.each(["write", "flush"] as const)(
  "a %s that fails is logged, and the others get theirs",
  async (deed) => {
    const log = vi.fn();
    const other = good();
    const set = await WriterSet.open([failing(deed), other], runOn(memoryStorage(), log));
    const failures = deed === "write" ? await set.write(saveOf(0)) : await set.flush();
    expect(failures).toEqual([new Error(`no ${deed}`)]);
    expect(log.mock.calls[0]!.slice(0, 2)).toEqual([
      "error",
      `writer "bad" could not ${deed === "write" ? "write save 0" : "flush what it wrote"}: no ${deed}`,
    ]);
    expect(other[deed]).toHaveBeenCalledOnce();
  },
);

test("the tracker's flush comes after the saves before it, and tells of failures as its option says", async () => {
  const order: string[] = [];
  const writer: Writer = {
    name: "slow",
    async write({ epoch }) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`write ${epoch}`);
    },
    flush: () => void order.push("flush"),
  };
  const backend = referenceBackend();
  const tracker = await SaturationTracker.open({ backend, saveTo: [writer, good()] });
  tracker.addScalar("loss", 1);
  void tracker.save();
  tracker.addScalar("loss", 2);
  void tracker.save();
  await tracker.flush();
  expect(order).toEqual(["write 0", "write 1", "flush"]);

  const logger = (): void => {};
  const strict = await SaturationTracker.open({
    backend,
    logger,
    saveTo: failing("flush"),
    onError: "throw",
  });
  await expect(strict.flush()).rejects.toThrow("no flush");
  const lenient = await SaturationTracker.open({ backend, logger, saveTo: failing("flush") });
  await expect(lenient.flush()).resolves.toBeUndefined();
});
