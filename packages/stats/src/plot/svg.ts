import { FONT_FAMILY } from "./text.js";

/** Attributes of an element, written in the order given; `undefined` leaves one out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A number with at most two decimals, the same on every engine. */
export function decimal(value: number): string {
  const text = value.toFixed(2).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe inside elements and attributes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** One element as markup. `children` is markup already: text goes through {@link escapeXml} first. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? decimal(value) : escapeXml(value!)}"`)
    .join("");
  const content = children.join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** A line of text with its baseline at (x, y). */
export function textElement(text: string, attributes: Attributes): string {
  return element("text", attributes, escapeXml(text));
}

/** What a whole drawing is made of. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Spoken by screen readers. */
  readonly title: string;
  readonly background: string;
  /** Elements from back to front, one a line. */
  readonly content: readonly string[];
}

/** A drawing as a standalone SVG document; one unit is one CSS pixel. */
export function svgDocument({ width, height, title, background, content }: Drawing): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width: w,
    height: h,
    viewBox: `0 0 ${w} ${h}`,
    role: "img",
    "aria-label": title,
    "font-family": FONT_FAMILY,
    // Names may hold several spaces in a row.
    "xml:space": "preserve",
  };
  // Its edges are the figure's: there is nothing to smooth, and rasterisers fill it in a third of the time.
  const page = element("rect", { width: w, height: h, fill: background, "shape-rendering": "crispEdges" });
  return `${element("svg", root, `\n${[page, ...content].join("\n")}\n`)}\n`;
}
