import type { Storage } from "./storage.js";

/**
 * A storage that keeps files in memory; the example of what a storage has to do.
 *
 * @example
 * const storage = memoryStorage();
 * await storage.write("runs/mlp.csv", ";loss\n");
 * await storage.list("runs/"); // ["runs/mlp.csv"]
 */
export function memoryStorage(): Storage {
  const files = new Map<string, Uint8Array>();
  return {
    name: "memory",
    async write(path, data) {
      files.set(path, bytesOf(data));
    },
    async read(path) {
      return files.get(path)?.slice() ?? null;
    },
    async append(path, data) {
      const before = files.get(path) ?? new Uint8Array(0);
      const added = bytesOf(data);
      const whole = new Uint8Array(before.length + added.length);
      whole.set(before);
      whole.set(added, before.length);
      files.set(path, whole);
    },
    async remove(path) {
      files.delete(path);
    },
    async list(prefix) {
      return [...files.keys()].filter((path) => path.startsWith(prefix)).sort();
    },
  };
}

/** A storage that takes everything and keeps nothing (`nosave`). */
export function discardingStorage(): Storage {
  return {
    name: "nothing",
    async write() {},
    async read() {
      return null;
    },
    async append() {},
    async remove() {},
    async list() {
      return [];
    },
  };
}

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
