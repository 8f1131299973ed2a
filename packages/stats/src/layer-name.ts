/**
 * A name for a layer that was found in nested modules: their names and its own, joined by "-", and a number where
 * that name is taken. Delve's names, except that no two layers share one and none is empty.
 *
 * @param path - Names from the outermost module that has one to the layer.
 * @param taken - Names given so far; the new one is added.
 * @example
 * const taken = new Set();
 * layerName(["features", "0"], taken); // "features-0"
 * layerName(["features", "0"], taken); // "features-0-2"
 */
export function layerName(path: readonly string[], taken: Set<string>): string {
  const name = path.join("-") || "layer";
  let unique = name;
  for (let copy = 2; taken.has(unique); copy++) unique = `${name}-${copy}`;
  taken.add(unique);
  return unique;
}
