import type { Storage } from "./storage.js";

/** Options of `zipOf`. */
export interface ZipOptions {
  /** Files to take in; all that there are by default. */
  readonly keep?: (path: string) => boolean;
  /** Date of the files in the archive; now by default. */
  readonly time?: Date;
}

// Statistics are small, and float64 matrices hardly give way: more effort would buy nothing.
const LEVEL = 1;

/**
 * A zip archive of all files below a folder, piece by piece: one file is in memory at a time.
 *
 * Paths in the archive start with the folder's own name. The archive has to stay below 4 GB.
 *
 * @example
 * import { memoryStorage } from "@delve/stats";
 *
 * const storage = memoryStorage();
 * await storage.write("runs/mlp/loss.txt", "0.5");
 * const pieces = [];
 * for await (const piece of zipOf(storage, "runs/mlp/")) pieces.push(piece);
 * await new Blob(pieces).slice(0, 4).text(); // "PK\u0003\u0004"
 */
export async function* zipOf(
  storage: Storage,
  folder: string,
  { keep = () => true, time = new Date() }: ZipOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { Zip, ZipDeflate } = await import("./zip-encoder.js");
  const cut = folder.lastIndexOf("/", folder.length - 2) + 1;
  let ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const archive = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    else ready.push(chunk);
  });
  const take = (): Uint8Array[] => {
    if (failure !== null) throw failure;
    const taken = ready;
    ready = [];
    return taken;
  };
  for (const path of (await storage.list(folder)).filter(keep)) {
    const bytes = await storage.read(path);
    // Gone since it was listed: the archive is of what there is.
    if (bytes === null) continue;
    const entry = new ZipDeflate(path.slice(cut), { level: LEVEL });
    entry.mtime = time;
    archive.add(entry);
    entry.push(bytes, true);
    yield* take();
  }
  archive.end();
  yield* take();
}

/** What is used of a browser's page. */
interface Page {
  readonly document?: { createElement(tag: "a"): { href: string; download: string; click(): void } };
}

/**
 * Lets the user of a page download all files below a folder, as a zip archive.
 *
 * @param fileName - `mlp.zip` for the folder `runs/mlp/` when left out.
 * @throws {Error} Where there is no page: in a worker, or outside browsers.
 * @example
 * ```ts no-run
 * button.onclick = () => downloadZip(tracker.storage, "runs/mlp/");
 * ```
 */
export async function downloadZip(storage: Storage, folder: string, fileName?: string): Promise<void> {
  const { document } = globalThis as Page;
  if (document === undefined) throw new Error("downloadZip: needs a page with a document, got none here");
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipOf(storage, folder)) pieces.push(piece as Uint8Array<ArrayBuffer>);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(pieces, { type: "application/zip" }));
  link.download = fileName ?? `${folder.split("/").filter(Boolean).at(-1) ?? "delve"}.zip`;
  link.click();
  // The download has taken hold of the data by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
