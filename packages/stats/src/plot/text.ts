import { FONT_WIDTHS } from "./font-widths.js";

/** Families that figures name, widest coverage first; Verdana has nearly the same advance widths. */
export const FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif";

/** Distance of two baselines, in font sizes. */
export const LINE_HEIGHT = 1.25;

const NO_GLYPH = 36 * 36 - 1;
const widths = new Map<number, number>();

/**
 * Width of a line of text in DejaVu Sans, in the unit of `fontSize`.
 *
 * Sum of the font's advance widths, without kerning. Characters outside the table count as one em, those of the
 * emoji planes as 1.3 em, so that the measure holds with the fonts a browser falls back to.
 *
 * @example
 * measureText("conv_1", 12); // 42.3
 */
export function measureText(text: string, fontSize: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += advanceOf(character.codePointAt(0)!);
  return (thousandths * fontSize) / 1000;
}

/** Width of the widest of some lines; 0 if there is none. */
export function widestLine(lines: readonly string[], fontSize: number): number {
  return lines.reduce((widest, line) => Math.max(widest, measureText(line, fontSize)), 0);
}

function advanceOf(code: number): number {
  if (widths.size === 0) fillWidths();
  const width = widths.get(code);
  if (width !== undefined) return width;
  // Variation selectors have no width of their own.
  if (code >= 0xfe00 && code <= 0xfe0f) return 0;
  return code >= 0x1f000 ? 1300 : 1000;
}

function fillWidths(): void {
  for (const [first, row] of FONT_WIDTHS) {
    for (let i = 0; i < row.length; i += 2) {
      const width = Number.parseInt(row.slice(i, i + 2), 36);
      if (width !== NO_GLYPH) widths.set(first + i / 2, width);
    }
  }
}

/** Control characters, bidirectional overrides, lone surrogates, and what XML 1.0 forbids. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text with every character that cannot be drawn written as in a JavaScript string.
 *
 * @example
 * visibleText("conv\n1"); // "conv\\n1"
 */
export function visibleText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return SHORT_ESCAPES[character] ?? `\\u${code}`;
  });
}

/** Pieces that are better not broken; joined they are the text. */
function pieces(text: string): readonly string[] {
  return text.match(/[^\s_/.:·-]*[\s_/.:·-]+|[^\s_/.:·-]+/gu) ?? [];
}

/** Width of the widest piece that {@link wrapText} keeps together where it can. */
export function widestPiece(text: string, fontSize: number): number {
  return Math.max(0, ...pieces(text).map((piece) => measureText(piece, fontSize)));
}

/**
 * The text in lines no wider than `maxWidth`; nothing is left out but spaces at line ends.
 *
 * Lines end after a space, `_`, `/`, `.`, `:`, `·` or `-`, and inside a word only where the word alone is too wide.
 *
 * @example
 * wrapText("encoder/block_1/conv", 60, 12); // ["encoder/", "block_1/", "conv"]
 */
export function wrapText(text: string, maxWidth: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text).flatMap((part) => fitting(part, maxWidth, fontSize))) {
    if (line !== "" && measureText((line + piece).trimEnd(), fontSize) > maxWidth) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line.trimEnd()];
}

/** A piece cut between characters wherever it would pass `maxWidth`. */
function fitting(piece: string, maxWidth: number, fontSize: number): string[] {
  if (measureText(piece.trimEnd(), fontSize) <= maxWidth) return [piece];
  const parts: string[] = [];
  let part = "";
  for (const character of piece) {
    if (part !== "" && measureText(part + character, fontSize) > maxWidth) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}
