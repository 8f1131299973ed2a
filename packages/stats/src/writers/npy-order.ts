import type { Storage } from "../storage/storage.js";
import { pickledKeys } from "./pickled-keys.js";

/**
 * Sorts the folders of a tree: as the run first wrote them, where that is known, then the others, scalars before
 * training before evaluation, numbers in names by their value (`features-2` before `features-10`).
 *
 * @param known - Folders in the order in which they were first written.
 */
export function inTreeOrder(folders: readonly string[], known: readonly string[]): string[] {
  const rank = new Map(known.map((folder, i) => [folder, i]));
  const sortKey = new Map(folders.map((folder) => [folder, natural(folder)]));
  const rankOf = (folder: string): number => rank.get(folder) ?? known.length;
  return [...folders].sort((a, b) => rankOf(a) - rankOf(b) || compare(sortKey.get(a)!, sortKey.get(b)!));
}

/** The order in which Python Delve wrote the folders of a tree; empty if it left no word of it. */
export async function delveOrder(storage: Storage, folder: string): Promise<string[]> {
  const bytes = await storage.read(`${folder}epoch_counter.pkl`);
  return (bytes && pickledKeys(bytes)) ?? [];
}

// The last resort is the name itself: 01 and 1 are two.
function natural(folder: string): string {
  const group = folder.startsWith("_train-") ? 1 : folder.startsWith("_eval-") ? 2 : 0;
  return `${group}${folder.replace(/\d+/g, (digits) => digits.padStart(16, "0"))}\0${folder}`;
}

// By code units: a locale's order is not the same everywhere.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
