import { appendFile, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pid } from "node:process";
import { named, type Storage } from "./storage.js";

/** Options of `nodeFileStorage`. */
export interface NodeFileStorageOptions {
  /** Folder that relative paths start from; the current one when left out. */
  readonly root?: string;
}

/**
 * The file system of Node, Deno and Bun.
 *
 * A write goes to a hidden sibling (`.delve-….tmp`), is flushed to the disk and then renamed: whoever reads, or finds
 * the disk after a power cut, sees the old file or the new one, whole. That it is the new one, and that what was
 * appended is there, is certain after `sync`; it costs as much again as a write.
 *
 * @throws {Error} From every operation that fails, naming the file; `cause` is the system's error.
 */
export function nodeFileStorage({ root = "" }: NodeFileStorageOptions = {}): Storage {
  const at = (path: string): string => (root === "" || path.startsWith("/") ? path : join(root, path));
  return {
    name: "file system",
    write: (path, data) => named("write", path, () => writeAtomically(at(path), data)),
    read: (path) => named("read", path, () => readOrNull(at(path))),
    append: (path, data) =>
      named("append to", path, () => inFolder(dirname(at(path)), () => appendFile(at(path), data))),
    remove: (path) => named("remove", path, () => rm(at(path), { force: true })),
    list: (prefix) => named("list", prefix, () => listFiles(prefix, at)),
    writeChunks: (path, chunks) => named("write", path, () => writeAtomically(at(path), chunks)),
    sync: (path) =>
      named("flush", path, async () => {
        await flush(at(path), "r+");
        await flushFolder(dirname(at(path)));
      }),
  };
}

const TEMPORARY = /^\.delve-[\w-]+\.tmp$/;
// Process, start and counter make the name of a temporary file unique among everyone who may be writing the same file.
const START = Date.now().toString(36);
let temporaries = 0;

async function writeAtomically(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.delve-${pid}-${START}-${temporaries++}.tmp`);
  try {
    const file = await inFolder(folder, () => open(temporary, "wx"));
    try {
      // It takes iterables since Node 15; its type does not say so yet.
      await file.writeFile(data as Uint8Array);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the folder if that is what is missing: nearly always it is there, and asking costs as much as a small write. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(folder, { recursive: true });
    return work();
  }
}

async function flush(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename last. Some systems cannot flush a folder; the file itself is whole there too. */
const flushFolder = (folder: string): Promise<void> => flush(folder, "r").catch(() => {});

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function listFiles(prefix: string, at: (path: string) => string): Promise<string[]> {
  const cut = prefix.lastIndexOf("/") + 1;
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await entriesOf(at(folder === "" ? "." : folder))) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (`${path}/`.startsWith(prefix) || prefix.startsWith(`${path}/`)) await visit(`${path}/`);
      } else if (path.startsWith(prefix) && !TEMPORARY.test(entry.name)) {
        found.push(path);
      }
    }
  };
  await visit(prefix.slice(0, cut));
  return found.sort();
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return code === "ENOENT" || code === "ENOTDIR";
};
