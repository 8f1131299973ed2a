import { concat, type Storage } from "./storage.js";

/** What is used of a storage of the library `unstorage` (`createStorage({ driver })`), whose drivers reach some thirty places. */
export interface UnstorageLike {
  getItemRaw(key: string): Promise<unknown>;
  setItemRaw(key: string, value: Uint8Array): Promise<void>;
  removeItem(key: string): Promise<void>;
  getKeys(base?: string): Promise<string[]>;
}

/**
 * Any driver of `unstorage` as a storage: IndexedDB, S3, Redis, a key-value store on the edge, …
 *
 * A file is one item; its key is the path with `:` for `/`, since that is how unstorage parts its keys. Signs that it
 * gives a meaning of its own in a key (`: ? $ \` and `%`) are percent-encoded. Whether a write is atomic is up to the driver; an append reads the
 * item and writes it anew.
 *
 * @example
 * import { createStorage } from "unstorage";
 *
 * const storage = unstorageStorage(createStorage());
 * await storage.write("runs/mlp.csv", ";loss\n");
 * await storage.list("runs/"); // ["runs/mlp.csv"]
 */
export function unstorageStorage(items: UnstorageLike): Storage {
  const read = async (path: string): Promise<Uint8Array | null> =>
    bytesOf(await items.getItemRaw(keyOf(path)));
  return {
    name: "unstorage",
    write: (path, data) => items.setItemRaw(keyOf(path), encode(data)),
    read,
    async append(path, data) {
      const before = await read(path);
      await items.setItemRaw(keyOf(path), concat(before === null ? [encode(data)] : [before, encode(data)]));
    },
    remove: (path) => items.removeItem(keyOf(path)),
    async list(prefix) {
      const paths = (await items.getKeys()).map(pathOf);
      const absolute = prefix.startsWith("/");
      const wanted = prefix.replace(/^\/+/, "");
      return paths
        .filter((path) => path.startsWith(wanted))
        .map((path) => (absolute ? `/${path}` : path))
        .sort();
    },
  };
}

const keyOf = (path: string): string =>
  path
    .split("/")
    .filter((part) => part !== "")
    .map((part) => part.replace(/[%:?$\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`))
    .join(":");

const pathOf = (key: string): string =>
  key
    .split(":")
    .map((part) =>
      part.replace(/%(24|25|3a|3f|5c)/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    )
    .join("/");

const encode = (data: string | Uint8Array): Uint8Array =>
  typeof data === "string" ? new TextEncoder().encode(data) : data.slice();

/** Drivers answer with whatever bytes are to them. */
function bytesOf(item: unknown): Uint8Array | null {
  if (item === null || item === undefined) return null;
  if (typeof item === "string") return new TextEncoder().encode(item);
  if (item instanceof ArrayBuffer) return new Uint8Array(item.slice(0));
  if (ArrayBuffer.isView(item)) {
    return new Uint8Array(item.buffer, item.byteOffset, item.byteLength).slice();
  }
  if (Array.isArray(item)) return Uint8Array.from(item as number[]);
  throw new TypeError(
    `unstorageStorage: an item must be bytes or text, got ${Object.prototype.toString.call(item)}`,
  );
}
