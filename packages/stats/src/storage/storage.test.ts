import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStorage } from "unstorage";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discardingStorage, memoryStorage } from "./memory-storage.js";
import { nodeFileStorage } from "./node-file-storage.js";
import { type Storage, writeChunks } from "./storage.js";
import { unstorageStorage } from "./unstorage-storage.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "delve-storage-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const textOf = async (storage: Storage, path: string): Promise<string | null> => {
  const bytes = await storage.read(path);
  return bytes === null ? null : new TextDecoder().decode(bytes);
};

describe.each([
  ["memory", () => memoryStorage()],
  ["file system", () => nodeFileStorage({ root: folder })],
  ["unstorage", () => unstorageStorage(createStorage())],
])("%s storage", (name, make) => {
  test("says what it is", () => {
    expect(make().name).toBe(name);
  });

  test("writes whole files, text and bytes, over older ones too", async () => {
    const storage = make();
    await storage.write("runs/a/b.csv", "ä;1\n");
    expect(await textOf(storage, "runs/a/b.csv")).toBe("ä;1\n");
    await storage.write("runs/a/b.csv", Uint8Array.of(1, 0, 255));
    expect(await storage.read("runs/a/b.csv")).toEqual(Uint8Array.of(1, 0, 255));
  });

  test("what is not there reads as null", async () => {
    expect(await make().read("nothing/here")).toBeNull();
  });

  test("appends, making the file at first", async () => {
    const storage = make();
    await storage.append("log/run.jsonl", "one\n");
    await storage.append("log/run.jsonl", new TextEncoder().encode("two\n"));
    expect(await textOf(storage, "log/run.jsonl")).toBe("one\ntwo\n");
  });

  test("writes a file piece by piece, over an older one", async () => {
    const storage = make();
    await storage.write("runs/a.zip", "something longer than the pieces");
    await writeChunks(
      storage,
      "runs/a.zip",
      (async function* () {
        yield Uint8Array.of(1, 2);
        yield Uint8Array.of(3);
      })(),
    );
    expect(await storage.read("runs/a.zip")).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("pieces that stop coming leave the old file", async () => {
    const storage = make();
    await storage.write("a.zip", "old");
    const broken = (async function* () {
      yield Uint8Array.of(1, 2);
      throw new Error("no more");
    })();
    await expect(writeChunks(storage, "a.zip", broken)).rejects.toThrow("no more");
    expect(await textOf(storage, "a.zip")).toBe("old");
    expect(await storage.list("")).toEqual(["a.zip"]);
  });

  test("signs with a meaning elsewhere are signs of a name here", async () => {
    const storage = make();
    const paths = ["a b.txt", "c%3a.txt", "d;$", "e$", "f'\u00e4\u{1f600}", "g:h?i*\\j.txt"].map(
      (name) => `runs/${name}`,
    );
    for (const path of paths) await storage.write(path, path);
    expect(await storage.list("runs/")).toEqual([...paths].sort());
    for (const path of paths) expect(await textOf(storage, path)).toBe(path);
  });

  test("removes, and does not mind if there is nothing", async () => {
    const storage = make();
    await storage.write("a", "x");
    await storage.remove("a");
    await storage.remove("a");
    expect(await storage.read("a")).toBeNull();
  });

  test("lists every file whose path begins with the prefix, in order", async () => {
    const storage = make();
    for (const path of ["runs/mlp.csv", "runs/mlp/plot.svg", "runs/mlp/a/b", "runs/other.csv", "top"]) {
      await storage.write(path, "");
    }
    expect(await storage.list("runs/mlp")).toEqual(["runs/mlp.csv", "runs/mlp/a/b", "runs/mlp/plot.svg"]);
    expect(await storage.list("runs/mlp/")).toEqual(["runs/mlp/a/b", "runs/mlp/plot.svg"]);
    expect(await storage.list("")).toHaveLength(5);
    expect(await storage.list("none/")).toEqual([]);
  });

  test("what was handed over or read can be changed without harm", async () => {
    const storage = make();
    const bytes = Uint8Array.of(1, 2);
    await storage.write("a", bytes);
    bytes[0] = 9;
    (await storage.read("a"))![1] = 9;
    expect(await storage.read("a")).toEqual(Uint8Array.of(1, 2));
  });
});

describe("file system storage", () => {
  test("leaves nothing but the file", async () => {
    const storage = nodeFileStorage({ root: folder });
    await Promise.all(Array.from({ length: 20 }, (_, i) => storage.write("run.csv", `${i}\n`.repeat(1000))));
    expect(await readdir(folder)).toEqual(["run.csv"]);
    expect(new Set((await readFile(join(folder, "run.csv"), "utf8")).trim().split("\n")).size).toBe(1);
  });

  test("what was appended can be made to last", async () => {
    const storage = nodeFileStorage({ root: folder });
    await storage.append("run.jsonl", "one\n");
    await storage.sync!("run.jsonl");
    await expect(storage.sync!("none.jsonl")).rejects.toThrow(/cannot flush "none.jsonl"/);
  });

  test("a name as long as the system allows", async () => {
    const storage = nodeFileStorage({ root: folder });
    for (const name of ["x".repeat(255), "\u{1f600}".repeat(63)]) {
      await storage.write(name, "x");
      expect(await textOf(storage, name)).toBe("x");
    }
  });

  test("absolute paths are taken as they are", async () => {
    const path = join(folder, "absolute.txt");
    await nodeFileStorage({ root: "elsewhere" }).write(path, "x");
    expect(await readFile(path, "utf8")).toBe("x");
  });

  test("a write that fails names the file, and leaves the old one and no rest", async () => {
    const storage = nodeFileStorage({ root: folder });
    await mkdir(join(folder, "taken.csv"));
    await expect(storage.write("taken.csv", "x")).rejects.toThrow(/cannot write "taken.csv": E/);
    await writeFile(join(folder, "file"), "old");
    await expect(storage.write("file/below.csv", "x")).rejects.toThrow(/cannot write "file\/below.csv"/);
    expect(await readFile(join(folder, "file"), "utf8")).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["file", "taken.csv"]);
  });

  test("reading a folder is an error that names it", async () => {
    await mkdir(join(folder, "sub"));
    await expect(nodeFileStorage({ root: folder }).read("sub")).rejects.toThrow(/cannot read "sub"/);
  });
});

test("the discarding storage keeps nothing", async () => {
  const storage = discardingStorage();
  await storage.write("a", "x");
  await storage.append("a", "x");
  await storage.remove("a");
  expect(await storage.read("a")).toBeNull();
  expect(await storage.list("")).toEqual([]);
});
