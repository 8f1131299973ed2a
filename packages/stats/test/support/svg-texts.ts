import { measureText } from "../../src/plot/text.js";

/** A point in the unit of the SVG. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A text element of a figure: what it says and where it stands. */
export interface SvgText {
  readonly text: string;
  readonly fontSize: number;
  /** Degrees clockwise. */
  readonly angle: number;
  /** Corners of its box, from ascent to descent. */
  readonly corners: readonly Point[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/** The text elements of a figure in document order, measured with the font's width table. */
export function svgTexts(svg: string): SvgText[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, written, content]) => {
    const attributes = new Map(
      [...written!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    const text = content!.replace(/&[^;]+;/g, (entity) => ENTITIES[entity]!);
    const fontSize = Number(attributes.get("font-size"));
    const { x, y, angle } = placeOf(attributes);
    const width = measureText(text, fontSize);
    const anchor = attributes.get("text-anchor") ?? "start";
    const start = anchor === "end" ? -width : anchor === "middle" ? -width / 2 : 0;
    const [ascent, descent] = [-0.95 * fontSize, 0.25 * fontSize];
    const corners = [
      [start, ascent],
      [start + width, ascent],
      [start + width, descent],
      [start, descent],
    ].map(([dx, dy]) => rotated(dx!, dy!, angle, x, y));
    return { text, fontSize, angle, corners };
  });
}

function placeOf(attributes: Map<string | undefined, string | undefined>): Point & { angle: number } {
  const transform = attributes.get("transform");
  if (transform === undefined)
    return { x: Number(attributes.get("x")), y: Number(attributes.get("y")), angle: 0 };
  const [x, y, angle] = transform.match(/-?[\d.]+/g)!.map(Number);
  return { x: x!, y: y!, angle: angle! };
}

function rotated(dx: number, dy: number, angle: number, x: number, y: number): Point {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return { x: x + dx * cos - dy * sin, y: y + dx * sin + dy * cos };
}

/** Width and height of a figure. */
export function svgSize(svg: string): { width: number; height: number } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

/** Texts of which some corner lies outside the figure. */
export function clippedTexts(svg: string): string[] {
  const { width, height } = svgSize(svg);
  return svgTexts(svg)
    .filter(({ corners }) => corners.some(({ x, y }) => x < 0 || y < 0 || x > width || y > height))
    .map(({ text }) => text);
}
