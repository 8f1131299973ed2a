import type { SaveRecord, StatValue, TidyRecord } from "../records.js";
import type { Storage } from "../storage/storage.js";
import { columnName } from "./csv-writer.js";
import { escapeFileName, FolderNames, unescapeFileName } from "./file-names.js";
import { encodeNpy, type NpyArray } from "./npy.js";
import { delveOrder, inTreeOrder } from "./npy-order.js";

// Delve's tree: <folder>/<key>/<key>_epoch<save>.npy, where the key of a statistic is its CSV column with a `_` before it,
// and that of a scalar its name.

/** Name of the file in the tree's folder that a run is resumed from. */
export const STATE_FILE = "epoch_counter.json";

/** One column of a tree: a statistic of a layer, or a scalar. */
export interface NpyColumn {
  /** As in the CSV: `train-saturation_fc`, or the name of a scalar. */
  readonly column: string;
  readonly kind: "stat" | "scalar";
  /** Path of the file of each save, by its number, ascending. */
  readonly files: ReadonlyMap<number, string>;
}

/**
 * The columns of a tree of `.npy` files, ours or Python Delve's, in the order in which the run first wrote
 * them; where the tree has lost it, by name, scalars before training before evaluation.
 *
 * @param folder - With a `/` at its end.
 * @throws {Error} If the tree has a state that is damaged.
 * @example
 * import { memoryStorage } from "@delve/stats";
 *
 * const storage = memoryStorage();
 * await storage.write("runs/mlp/loss/loss_epoch0.npy", encodeNpy({ dtype: "<f8", shape: [], data: Float64Array.of(0.5) }));
 * (await listNpyTree(storage, "runs/mlp/")).map(({ column }) => column); // ["loss"]
 */
export async function listNpyTree(storage: Storage, folder: string): Promise<NpyColumn[]> {
  const state = await readState(storage, folder);
  const index = new Map(state?.index);
  // A tree without our state is Delve's, which escapes nothing.
  const plain = (escaped: string) => (state === null ? escaped : unescapeFileName(escaped));
  const columns = new Map<string, Map<number, string>>();
  for (const { path, key, epoch } of await treeFiles(storage, folder)) {
    const files = columns.get(key) ?? new Map<number, string>();
    columns.set(key, files.set(epoch, path));
  }
  const order = inTreeOrder([...columns.keys()], state?.order ?? (await delveOrder(storage, folder)));
  return order.map((key) => {
    const escaped = index.get(key) ?? key;
    const isStat = STAT.test(escaped);
    const column = plain(isStat ? escaped.slice(1) : escaped);
    const ascending = new Map([...columns.get(key)!].sort(([a], [b]) => a - b));
    return { column, kind: isStat ? "stat" : "scalar", files: ascending };
  });
}

/** A file of a tree. */
interface TreeFile {
  readonly path: string;
  readonly key: string;
  readonly epoch: number;
}

/** All files of a tree; whatever else lies in its folder is none of it. */
export async function treeFiles(storage: Storage, folder: string): Promise<TreeFile[]> {
  return (await storage.list(folder)).flatMap((path) => {
    const [, key, epoch] = /^([^/]+)\/\1_epoch(\d+)\.npy$/s.exec(path.slice(folder.length)) ?? [];
    return key === undefined ? [] : { path, key, epoch: Number(epoch) };
  });
}

/** A file of a save, by the escaped name of its column. */
export interface SaveFile {
  readonly escaped: string;
  readonly bytes: Uint8Array;
}

/** The files of a save: a number each, or a matrix; a column that comes more than once has all its values in one. */
export function npyFilesOf({ records }: SaveRecord): SaveFile[] {
  const columns = new Map<string, { value: Exclude<StatValue, null>; integer: boolean }[]>();
  for (const record of records) {
    const { value } = record;
    if (value === null) continue;
    const escaped = escapedKey(record);
    const values = columns.get(escaped) ?? [];
    columns.set(escaped, values);
    values.push({ value, integer: record.kind === "stat" && record.integer === true });
  }
  return [...columns].map(([escaped, values]) => ({ escaped, bytes: encodeNpy(arrayOf(values)) }));
}

const STAT = /^_(train|eval)-/;

function escapedKey(record: TidyRecord): string {
  if (record.kind === "stat") return escapeFileName(`_${columnName(record)}`);
  // A scalar may be named as a statistic's folder, or as a file that lies beside the folders.
  return escapeFileName(record.name)
    .replace(STAT, "%5F$1-")
    .replace(/\.(?=(json|pkl|svg|png|delve)$)/i, "%2E");
}

function arrayOf(values: readonly { value: Exclude<StatValue, null>; integer: boolean }[]): NpyArray {
  const matrix = values.map(({ value }) => value).find((value) => typeof value === "object");
  if (matrix !== undefined) {
    return { dtype: "<f8", shape: [matrix.rows, matrix.columns], data: matrix.data };
  }
  const numbers = values.map(({ value }) => value as number);
  const shape = numbers.length === 1 ? [] : [numbers.length];
  if (values.every(({ integer }) => integer) && numbers.every(Number.isSafeInteger)) {
    return { dtype: "<i8", shape, data: BigInt64Array.from(numbers, BigInt) };
  }
  return { dtype: "<f8", shape, data: Float64Array.from(numbers) };
}

/** What a run needs to go on with a tree. */
export interface NpyState {
  /** Number of the save after the last one that is whole. */
  readonly next: number;
  /** Folders whose name is not that of their column, escaped. */
  readonly index: readonly (readonly [folder: string, escaped: string])[];
  /** All folders, in the order in which they were first written. */
  readonly order: readonly string[];
}

export async function writeState(storage: Storage, folder: string, state: NpyState): Promise<void> {
  await storage.write(
    `${folder}${STATE_FILE}`,
    `${JSON.stringify({ format: FORMAT, version: 1, ...state })}\n`,
  );
}

const FORMAT = "delve npy tree";

/**
 * @returns `null` if there is none.
 * @throws {Error} If it is damaged.
 */
export async function readState(storage: Storage, folder: string): Promise<NpyState | null> {
  const bytes = await storage.read(`${folder}${STATE_FILE}`);
  if (bytes === null) return null;
  const state = parse(new TextDecoder().decode(bytes));
  const valid =
    state?.["format"] === FORMAT &&
    state["version"] === 1 &&
    Number.isSafeInteger(state["next"]) &&
    Array.isArray(state["index"]) &&
    state["index"].every(isIndexEntry) &&
    Array.isArray(state["order"]) &&
    state["order"].every((folder) => typeof folder === "string");
  if (!valid) throw new Error(`"${folder}${STATE_FILE}" holds no state of a tree of .npy files`);
  return state as unknown as NpyState;
}

// A folder that is not harmless would lead out of the tree.
const isIndexEntry = (entry: unknown): boolean =>
  Array.isArray(entry) &&
  entry.length === 2 &&
  entry.every((part) => typeof part === "string") &&
  escapeFileName(unescapeFileName(entry[0])) === entry[0];

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The names of a tree as far as its state knows them. */
export function namesOf(state: NpyState | null): FolderNames {
  const names = new FolderNames();
  const index = new Map(state?.index);
  for (const folder of state?.order ?? []) names.use(folder, index.get(folder) ?? folder);
  return names;
}
