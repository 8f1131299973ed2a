import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { decodePng, type Pixels } from "./pixels.js";

/** Where the pictures lie that figures are compared with. */
const STORED = new URL("../pictures/", import.meta.url);
/** Where a picture that differs is put, with what was expected and what differs; not committed. */
const FAILED = new URL("../../../../runs/pictures/", import.meta.url);

/** Colour distance from which on two pixels differ, of 1 (pixelmatch's own default); smoothed edges do not count. */
const COLOR_TOLERANCE = 0.1;
/** Share of the pixels that may differ: a rasteriser's rounding, not a letter. */
const SHARE_TOLERANCE = 1e-4;

/**
 * What is wrong with a picture, beside the stored one of this name; `null` if nothing is. With `DELVE_PICTURES=write`
 * (`npm run pictures`) it becomes the stored one.
 */
export function differenceFromStored(name: string, png: Uint8Array): string | null {
  const path = fileURLToPath(new URL(`${name}.png`, STORED));
  if (process.env["DELVE_PICTURES"] === "write") {
    write(path, png);
    return null;
  }
  const suffixes = ["actual", "expected", "differing"];
  const [actualPath, expectedPath, differingPath] = suffixes.map((suffix) =>
    fileURLToPath(new URL(`${name}-${suffix}.png`, FAILED)),
  ) as [string, string, string];
  for (const old of [actualPath, expectedPath, differingPath]) rmSync(old, { force: true });
  if (!existsSync(path)) return `there is no picture ${path}; npm run pictures makes it`;
  const [expected, actual] = [readFileSync(path), png].map(decodePng) as [Pixels, Pixels];
  const { difference, differing } = compare(expected, actual);
  if (difference === null) return null;
  write(actualPath, png);
  write(expectedPath, readFileSync(path));
  if (differing !== null) write(differingPath, differing);
  return `${difference}; look at ${dirname(actualPath)}/${name}-*.png; npm run pictures stores what is drawn now`;
}

/** What differs, in words and as a picture; `null` if it is within the tolerance. */
export function compare(
  expected: Pixels,
  actual: Pixels,
): { readonly difference: string | null; readonly differing: Uint8Array | null } {
  const { width, height } = expected;
  if (actual.width !== width || actual.height !== height) {
    const difference = `it is ${actual.width} × ${actual.height} pixels, not ${width} × ${height}`;
    return { difference, differing: null };
  }
  const marked = new PNG({ width, height });
  const count = pixelmatch(expected.data, actual.data, marked.data, width, height, {
    threshold: COLOR_TOLERANCE,
  });
  if (count <= SHARE_TOLERANCE * width * height) return { difference: null, differing: null };
  return { difference: `${count} of ${width * height} pixels differ`, differing: PNG.sync.write(marked) };
}

function write(path: string, png: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, png);
}
