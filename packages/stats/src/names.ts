/**
 * The error for a name that is not one of those there are: lists them, and suggests the one that was likely meant.
 *
 * @example
 * unknownName("saveTo", "cvs", ["csv", "npy"]).message; // 'saveTo: must be one of "csv", "npy", got "cvs"; did you mean "csv"?'
 */
export function unknownName(where: string, got: unknown, allowed: readonly string[]): RangeError {
  const list = allowed.map((name) => JSON.stringify(name)).join(", ");
  const guess = typeof got === "string" ? nearestName(got, allowed) : undefined;
  const hint = guess === undefined ? "" : `; did you mean ${JSON.stringify(guess)}?`;
  return new RangeError(`${where}: must be one of ${list}, got ${show(got)}${hint}`);
}

/**
 * The name that needs the fewest single-letter edits, if that is few enough to be a slip of the keyboard. Python's
 * snake_case and camelCase count as the same spelling.
 *
 * @example
 * nearestName("sat_threshold", ["saveTo", "satThreshold"]); // "satThreshold"
 */
export function nearestName(got: string, allowed: readonly string[]): string | undefined {
  const key = fold(got);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(key.length / 3)) + 1;
  for (const name of allowed) {
    const edits = editDistance(key, fold(name));
    if (edits < least) [best, least] = [name, edits];
  }
  return best;
}

/** A value as it can stand in a message: strings quoted, long ones cut. */
export function show(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (Array.isArray(value)) return `[${value.slice(0, 8).join(", ")}${value.length > 8 ? ", ..." : ""}]`;
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "Object"})`;
  return typeof value === "function" ? "a function" : String(value);
}

const fold = (name: string): string => name.slice(0, 64).replace(/[_-]/g, "").toLowerCase();

/** Letters to insert, remove, replace or swap with a neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const table = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = table[i - 1]!;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(above[j - 1]! + (same ? 0 : 1), above[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, table[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    table.push(row);
  }
  return table[a.length]![b.length]!;
}
