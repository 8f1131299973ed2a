// Writes packages/stats/src/plot/font-widths.ts: the advance widths of the font that plots are drawn with, so that
// text can be measured without a browser. Run by hand after a change of the font package, then format the result.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";

const require = createRequire(new URL("../packages/stats/package.json", import.meta.url));
const fontFile = require.resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff");
const target = new URL("../packages/stats/src/plot/font-widths.ts", import.meta.url);

/** Scripts and symbols that layer names and axes use; everything else gets a fallback width. */
const RANGES = [
  [0x20, 0x7e], // ASCII
  [0xa0, 0x17f], // Latin-1, Latin Extended-A
  [0x370, 0x3ff], // Greek
  [0x400, 0x45f], // Cyrillic
  [0x2000, 0x206f], // punctuation, spaces, joiners
  [0x2070, 0x209c], // superscripts and subscripts
  [0x2190, 0x21ff], // arrows
  [0x2200, 0x22ff], // mathematics
];

const table = woffTables(readFileSync(fontFile));
const unitsPerEm = table("head").readUInt16BE(18);
const glyphOf = characterMap(table("cmap"));
const advanceOf = advances(table("hmtx"), table("hhea").readUInt16BE(34));

const rows = RANGES.map(([first, last]) => {
  const codes = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return `  [0x${first.toString(16)}, "${codes.map(encodedWidth).join("")}"],`;
});
writeFileSync(target, source(rows));

/** Two base-36 digits: thousandths of an em, rounded up so that a measured text is never too short. */
function encodedWidth(code) {
  const glyph = glyphOf(code);
  if (glyph === 0) return "zz";
  return Math.ceil((advanceOf(glyph) / unitsPerEm) * 1000)
    .toString(36)
    .padStart(2, "0");
}

function source(lines) {
  return `// Written by scripts/font-widths.mjs from DejaVu Sans 2.37; do not edit.

/**
 * Advance widths of DejaVu Sans. Each row holds the code point of its first character and two base-36 digits for
 * each character from there on: thousandths of an em, rounded up; \`zz\` where the font has no glyph.
 */
export const FONT_WIDTHS: readonly (readonly [firstCodePoint: number, widths: string])[] = [
${lines.join("\n")}
];
`;
}

/** Reads tables by name out of a WOFF 1.0 file (W3C Recommendation, sections 4 and 5). */
function woffTables(woff) {
  const directory = new Map();
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const at = 44 + 20 * i;
    const [offset, stored, length] = [4, 8, 12].map((k) => woff.readUInt32BE(at + k));
    directory.set(woff.toString("latin1", at, at + 4), { offset, stored, length });
  }
  return (name) => {
    const { offset, stored, length } = directory.get(name);
    const bytes = woff.subarray(offset, offset + stored);
    return stored < length ? inflateSync(bytes) : bytes;
  };
}

/** Code point to glyph from the subtable of format 12 (OpenType, `cmap`); 0 where there is none. */
function characterMap(cmap) {
  const offsets = Array.from({ length: cmap.readUInt16BE(2) }, (_, i) => cmap.readUInt32BE(8 + 8 * i));
  const start = offsets.find((offset) => cmap.readUInt16BE(offset) === 12);
  if (start === undefined) throw new Error("font-widths: the font must have a cmap of format 12");
  const groups = Array.from({ length: cmap.readUInt32BE(start + 12) }, (_, i) =>
    [0, 4, 8].map((k) => cmap.readUInt32BE(start + 16 + 12 * i + k)),
  );
  return (code) => {
    const group = groups.find(([first, last]) => first <= code && code <= last);
    return group === undefined ? 0 : group[2] + code - group[0];
  };
}

/** Glyph to advance width in font units; the last entry counts for all glyphs past it. */
function advances(hmtx, count) {
  return (glyph) => hmtx.readUInt16BE(4 * Math.min(glyph, count - 1));
}
