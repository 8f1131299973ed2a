import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { unpackFont } from "./woff.js";

const require = createRequire(import.meta.url);
const woff = new Uint8Array(
  readFileSync(require.resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff")),
);

/** The tables of a TrueType font, by tag, each with whether its checksum is right. */
function tablesOf(font: Uint8Array): Map<string, boolean> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = new Map<string, boolean>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...font.subarray(entry, entry + 4));
    const [offset, length] = [view.getUint32(entry + 8), view.getUint32(entry + 12)];
    let sum = 0;
    for (let at = 0; at < length; at += 4) {
      // The checksum of the whole font, inside `head`, does not count.
      if (tag !== "head" || at !== 8) sum = (sum + view.getUint32(offset + at)) >>> 0;
    }
    tables.set(tag, sum === view.getUint32(entry + 4));
  }
  return tables;
}

test("WOFF is unpacked, every table whole", () => {
  const tables = tablesOf(unpackFont(woff));
  expect([...tables.keys()]).toEqual(expect.arrayContaining(["cmap", "glyf", "head", "hmtx", "loca"]));
  expect([...tables].filter(([, whole]) => !whole)).toEqual([]);
});

test("other fonts stay as they are", () => {
  const font = unpackFont(woff);
  expect(unpackFont(font)).toBe(font);
  expect(unpackFont(new Uint8Array(3))).toHaveLength(3);
});

test.each([100, 2000, 200_000])("WOFF that ends after %d bytes is refused", (length) => {
  expect(() => unpackFont(woff.slice(0, length))).toThrow("loadPngRenderer: a WOFF font must be whole, got");
});
