/** The entry `@delve/stats/storage`: places for files that exist everywhere; `@delve/stats/node` has the file system. */
export { memoryStorage } from "./storage/memory-storage.js";
export { type DirectoryHandle, type FileHandle, opfsStorage } from "./storage/opfs-storage.js";
export type { Storage } from "./storage/storage.js";
export { type UnstorageLike, unstorageStorage } from "./storage/unstorage-storage.js";
