import { named, type Storage } from "./storage.js";

/** What is used of the browser's `FileSystemDirectoryHandle`. */
export interface DirectoryHandle {
  readonly kind: "directory";
  readonly name: string;
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<DirectoryHandle>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandle>;
  removeEntry(name: string): Promise<void>;
  values(): AsyncIterable<DirectoryHandle | FileHandle>;
}

/** What is used of the browser's `FileSystemFileHandle`. */
export interface FileHandle {
  readonly kind: "file";
  readonly name: string;
  getFile(): Promise<{ readonly size: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  createWritable(options?: { keepExistingData?: boolean }): Promise<WritableHandle>;
}

interface WritableHandle {
  seek(position: number): Promise<void>;
  write(data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/**
 * The browser's file system: by default the origin's private one (OPFS), which outlives the page and which no one
 * else sees; or a folder that the user picked.
 *
 * The browser collects what is written in a copy and puts it in the file's place on closing, so a file is the old one
 * or the new one, whole. Appending copies, too: fine for logs of some megabytes.
 *
 * @param root - Where paths start; `await showDirectoryPicker({ mode: "readwrite" })`, for instance.
 * @throws {Error} From every operation that fails, naming the file.
 * @example
 * ```ts no-run
 * const tracker = await SaturationTracker.open({ backend, savePath: "runs/mlp", saveTo: "csv", storage: opfsStorage() });
 * ```
 */
export function opfsStorage(root?: DirectoryHandle | Promise<DirectoryHandle>): Storage {
  let opened: Promise<DirectoryHandle> | undefined;
  const top = (): Promise<DirectoryHandle> => (opened ??= Promise.resolve(root ?? originPrivate()));
  return {
    name: "OPFS",
    write: (path, data) =>
      named("write", path, async () => {
        const file = await fileAt(await top(), path, true);
        await put(await file.createWritable(), (target) => target.write(data));
      }),
    writeChunks: (path, chunks) =>
      named("write", path, async () => {
        const file = await fileAt(await top(), path, true);
        await put(await file.createWritable(), async (target) => {
          for await (const chunk of chunks) await target.write(chunk);
        });
      }),
    append: (path, data) =>
      named("append to", path, async () => {
        const file = await fileAt(await top(), path, true);
        const { size } = await file.getFile();
        await put(await file.createWritable({ keepExistingData: true }), async (target) => {
          await target.seek(size);
          await target.write(data);
        });
      }),
    read: (path) =>
      named("read", path, () =>
        orIfMissing(null, async () => {
          const file = await (await fileAt(await top(), path, false)).getFile();
          return new Uint8Array(await file.arrayBuffer());
        }),
      ),
    remove: (path) =>
      named("remove", path, () =>
        orIfMissing(undefined, async () => {
          const { folder, name } = await folderOf(await top(), path, false);
          await folder.removeEntry(name);
        }),
      ),
    list: (prefix) => named("list", prefix, async () => listFiles(await top(), prefix)),
  };
}

async function originPrivate(): Promise<DirectoryHandle> {
  // A page's own types, where they are known, say more of this, in other words.
  const { navigator } = globalThis as unknown as {
    navigator?: { storage?: { getDirectory?(): Promise<DirectoryHandle> } };
  };
  if (navigator?.storage?.getDirectory === undefined) {
    throw new Error("opfsStorage: needs navigator.storage.getDirectory, which this runtime lacks");
  }
  return navigator.storage.getDirectory();
}

async function put(target: WritableHandle, work: (target: WritableHandle) => Promise<void>): Promise<void> {
  try {
    await work(target);
  } catch (error) {
    // What was written so far vanishes with the copy.
    await target.abort(error).catch(() => {});
    throw error;
  }
  await target.close();
}

async function folderOf(top: DirectoryHandle, path: string, create: boolean) {
  const parts = path.split("/").filter((part) => part !== "");
  const name = parts.pop() ?? "";
  let folder = top;
  for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
  return { folder, name };
}

async function fileAt(top: DirectoryHandle, path: string, create: boolean): Promise<FileHandle> {
  const { folder, name } = await folderOf(top, path, create);
  return folder.getFileHandle(name, { create });
}

async function listFiles(top: DirectoryHandle, prefix: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: DirectoryHandle, base: string): Promise<void> => {
    for await (const entry of folder.values()) {
      const path = base + entry.name;
      if (entry.kind === "file") {
        if (path.startsWith(prefix)) found.push(path);
      } else if (`${path}/`.startsWith(prefix) || prefix.startsWith(`${path}/`)) {
        await visit(entry, `${path}/`);
      }
    }
  };
  await visit(top, prefix.startsWith("/") ? "/" : "");
  return found.sort();
}

async function orIfMissing<A, B>(missing: A, work: () => Promise<B>): Promise<A | B> {
  try {
    return await work();
  } catch (error) {
    const { name } = error as { name?: unknown };
    if (name === "NotFoundError" || name === "TypeMismatchError") return missing;
    throw error;
  }
}
