import { show } from "../names.js";
import type { SaveRecord } from "../records.js";
import { type Storage, writeChunks } from "../storage/storage.js";
import { zipOf } from "../storage/zip.js";
import { beside } from "./beside.js";
import type { FolderNames } from "./file-names.js";
import { namesOf, npyFilesOf, readState, STATE_FILE, treeFiles, writeState } from "./npy-tree.js";
import type { Run, Writer } from "./writer.js";

/** Options of the npy writer, by way of `writerArgs`. */
export interface NpyWriterOptions {
  /** When the run ends, put the tree into `<savePath>.zip`, too; false by default. */
  readonly zip?: boolean;
}

// Each file is flushed on its own; disks like to do that side by side.
const AT_ONCE = 16;

/**
 * Delve's tree of `.npy` files in the folder `<savePath>/`, one for each value, matrices too:
 * `_train-saturation_fc/_train-saturation_fc_epoch3.npy`. NumPy and Delve's `reconstruct_csv_from_npy_data` read it.
 *
 * Names that are no good as file names are escaped, reversibly; `listNpyTree` gives them back. A fresh run replaces
 * the tree of an older one at its first save. With `initialEpoch` it goes on from `epoch_counter.json`: files from that save on
 * are removed. Where that state is missing or damaged, the tree is left alone and the run goes to a new folder beside it.
 */
export class NpyWriter implements Writer {
  readonly name = "npy";
  readonly #zip: boolean;
  #run: Run | null = null;
  #folder = "";
  #names: FolderNames = namesOf(null);
  #begun = false;
  /** A file of each folder that has got some since the last flush, which is of the folder. */
  readonly #unsynced = new Map<string, string>();

  /** @throws {TypeError} If `zip` is not true or false. */
  constructor({ zip = false }: NpyWriterOptions = {}) {
    if (typeof zip !== "boolean")
      throw new TypeError(`writerArgs: zip must be true or false, got ${show(zip)}`);
    this.#zip = zip;
  }

  async open(run: Run): Promise<void> {
    this.#run = run;
    this.#folder = `${run.savePath}/`;
    if (run.initialEpoch !== 0) await this.#resume(run);
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#run === null) throw new Error("NpyWriter.write: open must be called before");
    const { storage } = this.#run;
    if (!this.#begun) await this.#removeOld(this.#run);
    this.#begun = true;
    const files = npyFilesOf(save).map(({ escaped, bytes }) => {
      const folder = this.#names.folderOf(escaped);
      return { path: `${this.#folder}${folder}/${folder}_epoch${save.epoch}.npy`, bytes };
    });
    await inParallel(files, ({ path, bytes }) => storage.write(path, bytes));
    await this.#writeState(storage, save.epoch + 1);
    for (const { path } of files) this.#unsynced.set(path.slice(0, path.lastIndexOf("/")), path);
  }

  async flush(): Promise<void> {
    const { storage } = this.#run ?? {};
    if (storage?.sync === undefined || this.#unsynced.size === 0) return;
    await inParallel([...this.#unsynced.values()], (path) => storage.sync!(path));
    await storage.sync(`${this.#folder}${STATE_FILE}`);
    this.#unsynced.clear();
  }

  #writeState(storage: Storage, next: number): Promise<void> {
    const { index, order } = this.#names;
    return writeState(storage, this.#folder, { next, index, order });
  }

  async close(): Promise<void> {
    await this.flush();
    if (this.#run === null || !this.#zip || !this.#begun) return;
    const { storage } = this.#run;
    const tree = new Set((await treeFiles(storage, this.#folder)).map(({ path }) => path));
    tree.add(`${this.#folder}${STATE_FILE}`);
    const chunks = zipOf(storage, this.#folder, { keep: (path) => tree.has(path) });
    await writeChunks(storage, `${this.#folder.slice(0, -1)}.zip`, chunks);
  }

  /** Removes the files of an older run, or of the part of this one that is done again. */
  async #removeOld({ storage, initialEpoch }: Run): Promise<void> {
    const old = (await treeFiles(storage, this.#folder)).filter(({ epoch }) => epoch >= initialEpoch);
    if (old.length === 0) return;
    // First, so that the state never speaks of saves whose files are gone.
    await this.#writeState(storage, initialEpoch);
    await inParallel(old, ({ path }) => storage.remove(path));
  }

  async #resume({ storage, savePath, initialEpoch, log }: Run): Promise<void> {
    const tree = this.#folder;
    let reason = `there is no "${tree}${STATE_FILE}"`;
    try {
      const state = await readState(storage, tree);
      if (state !== null) {
        this.#names = namesOf(state);
        return;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (
      (await treeFiles(storage, tree)).length === 0 &&
      (await storage.read(`${tree}${STATE_FILE}`)) === null
    ) {
      log("warn", `"${tree}" has no .npy files: the tree starts at save ${initialEpoch}`, { path: tree });
      return;
    }
    this.#folder = await beside(storage, savePath, "/");
    log("warn", `"${tree}" cannot be continued (${reason}): the .npy files go to "${this.#folder}"`, {
      path: tree,
    });
  }
}

/** Works on several at once; all are tried, the first failure is thrown at the end. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item).catch((error) => failures.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}
