import { describe, expect, test } from "vitest";
import { failingStorage, runOn, saveOf, scalar, stat, writeRun } from "../../test/support/saves.js";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { stepOf } from "./tensorboard/event.js";
import { decodeRecords } from "./tensorboard/tfrecord.js";
import { TensorBoardWriter } from "./tensorboard-writer.js";

// What is in the events is read by a program of its own, in test/outside.test.ts; here it is about files.
const FIRST = "runs/mlp/events.out.tfevents.1700000000.delve";
const saves = [0, 1, 2].map((epoch) => saveOf(epoch, scalar("loss", epoch), stat()));
const stepsOf = async (storage: Storage, path: string) =>
  [...decodeRecords((await storage.read(path))!)].map(({ data }) => stepOf(data));

/** A storage that takes so many changes and no more, as if the process had been ended there. */
function dyingAfter(changes: number, storage: Storage): Storage {
  let left = changes;
  const spend = async (change: () => Promise<void>): Promise<void> => {
    if (left-- <= 0) throw new Error("dead");
    await change();
  };
  return {
    ...storage,
    write: (path, data) => spend(() => storage.write(path, data)),
    append: (path, data) => spend(() => storage.append(path, data)),
    remove: (path) => spend(() => storage.remove(path)),
  };
}

test("one file in the run's folder, a record a save", async () => {
  const storage = memoryStorage();
  expect(await writeRun(new TensorBoardWriter(), storage, saves)).toEqual([]);
  expect(await storage.list("")).toEqual([FIRST]);
  expect(await stepsOf(storage, FIRST)).toEqual([null, 0, 1, 2]);
});

test("a fresh run replaces files of delve, at its first save, and no others", async () => {
  const storage = memoryStorage();
  await storage.write(FIRST, "older");
  await storage.write("runs/mlp/events.out.tfevents.1600000000.host.1.0", "another's");
  await writeRun(new TensorBoardWriter(), storage, []);
  expect(await storage.list("")).toContain(FIRST);
  await writeRun(new TensorBoardWriter(), storage, saves);
  expect(await storage.list("")).toEqual([
    "runs/mlp/events.out.tfevents.1600000000.host.1.0",
    "runs/mlp/events.out.tfevents.1700000001.delve",
  ]);
});

describe("a resumed run", () => {
  test("drops events from its first save on and a torn one; the rest stays to the bit", async () => {
    const storage = memoryStorage();
    await writeRun(new TensorBoardWriter(), storage, saves);
    const before = (await storage.read(FIRST))!;
    await storage.append(FIRST, before.subarray(0, 20));
    await writeRun(new TensorBoardWriter(), storage, [saves[2]!], { initialEpoch: 2 });
    const second = "runs/mlp/events.out.tfevents.1700000003.delve";
    expect(await storage.list("")).toEqual([FIRST, second]);
    const after = (await storage.read(FIRST))!;
    expect(after).toEqual(before.subarray(0, after.length));
    expect(await stepsOf(storage, FIRST)).toEqual([null, 0, 1]);
    expect(await stepsOf(storage, second)).toEqual([null, 2, 2]);
  });

  test("again and again: each file is the last in the order of names", async () => {
    const storage = memoryStorage();
    await writeRun(new TensorBoardWriter(), storage, [saves[0]!]);
    for (const epoch of [1, 2, 1]) {
      // The clock stands still.
      await writeRun(new TensorBoardWriter(), storage, [{ ...saves[epoch]!, time: saves[0]!.time }], {
        initialEpoch: epoch,
      });
    }
    const steps = await Promise.all((await storage.list("")).map((path) => stepsOf(storage, path)));
    expect(steps).toEqual([[null, 0], [null], [null], [null, 1, 1]]);
  });

  test.each([0, 1])(
    "that goes on at %d and dies at any moment leaves the first steps, without a gap",
    async (first) => {
      for (let life = 0; life < 6; life++) {
        const storage = memoryStorage();
        await writeRun(new TensorBoardWriter(), storage, saves);
        for (const epoch of [3, 5]) {
          const more = [epoch, epoch + 1].map((at) => saveOf(at, scalar("loss", at)));
          await writeRun(new TensorBoardWriter(), storage, more, { initialEpoch: epoch });
        }
        const mortal = dyingAfter(life, storage);
        await writeRun(new TensorBoardWriter(), mortal, saves.slice(first), { initialEpoch: first }).catch(
          () => {},
        );
        const steps = await Promise.all((await storage.list("")).map((path) => stepsOf(storage, path)));
        const seen = [...new Set(steps.flat().filter((step) => step !== null))];
        expect(seen, `after ${life} changes`).toEqual(seen.map((_, step) => step));
      }
    },
  );

  test("changes nothing before its first save", async () => {
    const storage = memoryStorage();
    await writeRun(new TensorBoardWriter(), storage, saves);
    await writeRun(new TensorBoardWriter(), storage, [], { initialEpoch: 1 });
    expect(await stepsOf(storage, FIRST)).toEqual([null, 0, 1, 2]);
  });

  test("nothing to go on from: a warning", async () => {
    const messages = await writeRun(new TensorBoardWriter(), memoryStorage(), [], { initialEpoch: 2 });
    expect(messages).toEqual([
      { level: "warn", message: '"runs/mlp/" has no event file of delve: the events start at save 2' },
    ]);
  });

  test("a damaged file is left alone; the run goes to a folder beside", async () => {
    const storage = memoryStorage();
    await writeRun(new TensorBoardWriter(), storage, saves);
    const damaged = (await storage.read(FIRST))!;
    damaged[50]! ^= 1;
    await storage.write(FIRST, damaged);
    const [message] = await writeRun(new TensorBoardWriter(), storage, [saves[2]!], { initialEpoch: 2 });
    expect(message!.message).toMatch(
      /cannot be continued \(".*1700000000.delve": .*wrong checksum\): .* "runs\/mlp-2\/"/,
    );
    expect(await storage.read(FIRST)).toEqual(damaged);
    expect(await stepsOf(storage, "runs/mlp-2/events.out.tfevents.1700000003.delve")).toEqual([null, 2]);
  });
});

test("a save that could not be written comes with the next", async () => {
  let full = true;
  const storage = memoryStorage();
  const writer = new TensorBoardWriter();
  await writer.open(runOn(failingStorage(storage, () => full)));
  await expect(writer.write(saves[0]!)).rejects.toThrow("ENOSPC");
  full = false;
  await writer.write(saves[1]!);
  full = true;
  await expect(writer.write(saves[2]!)).rejects.toThrow("ENOSPC");
  full = false;
  await writer.flush();
  const [path] = await storage.list("");
  expect(await stepsOf(storage, path!)).toEqual([null, 0, 1, 2]);
});

test("must be opened", async () => {
  await expect(new TensorBoardWriter().write(saves[0]!)).rejects.toThrow(/open must be called/);
});
