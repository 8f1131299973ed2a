import { type ResolvedFigure, spokenTitle } from "./figure-spec.js";
import { drawHeader, drawTextBlock, type Header, layOutHeader } from "./header.js";
import type { LegendEntry } from "./legend.js";
import { PADDING, SMALL, SMALLER, TICK_GAP } from "./page.js";
import type { ResolvedPanel } from "./panel-spec.js";
import { drawHeadings, layOutPanels, type Panel, type PanelGrid, type PanelSpec } from "./panels.js";
import { svgDocument } from "./svg.js";
import { LINE_HEIGHT, wrapText } from "./text.js";

/** A figure with a panel a layer, before it has its places. */
export interface PanelFigure {
  readonly figure: ResolvedFigure & { readonly layers: readonly ResolvedPanel[] };
  readonly legend: readonly LegendEntry[];
  /** What each panel says below its layer's name; may be empty. */
  readonly notes: readonly string[];
  /** What stands below all panels. */
  readonly caption: string;
  /** Shape of the panels, and the room that their ticks take. */
  readonly frame: Pick<PanelSpec, "margin" | "left" | "right" | "leastWidth" | "aspect">;
  /** What is inside the panel of the layer at `index`, as elements. */
  drawPanel(panel: Panel, index: number): readonly string[];
}

interface PanelLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Header;
  readonly spec: PanelSpec;
  readonly grid: PanelGrid;
  readonly caption: readonly string[];
  readonly captionTop: number;
}

/** Size of the ticks of panels in pixels. */
export const tickSizeOf = ({ fontSize }: ResolvedFigure): number => fontSize * SMALLER;

/** Header, panels and caption as an SVG document. */
export function drawPanelFigure(panels: PanelFigure): string {
  const { theme, fontSize } = panels.figure;
  const { width, height, header, spec, grid, caption, captionTop } = layOut(panels);
  return svgDocument({
    width,
    height,
    title: spokenTitle(panels.figure),
    background: theme.background,
    content: [
      ...drawHeader(header, PADDING, theme),
      ...drawHeadings(grid.panels, spec, theme),
      ...grid.panels.flatMap((panel, i) => panels.drawPanel(panel, i)),
      ...drawTextBlock(caption, PADDING, captionTop, fontSize * SMALL, theme.muted),
    ],
  });
}

/** Finds room for everything; the figure grows past the size asked for where its panels need it. */
function layOut({ figure, legend, notes, caption, frame }: PanelFigure): PanelLayout {
  const { fontSize, width, height, layers } = figure;
  const [small, tickSize] = [fontSize * SMALL, tickSizeOf(figure)];
  const header = layOutHeader(figure, legend, width - 2 * PADDING, PADDING);
  const spec: PanelSpec = {
    ...frame,
    names: layers.map(({ layer }) => layer),
    notes,
    nameSize: small,
    noteSize: tickSize,
    width,
    height,
    top: header.bottom + 1.2 * fontSize,
    below: TICK_GAP + tickSize * LINE_HEIGHT,
  };
  const grid = layOutPanels(spec);
  const wide = Math.max(width, grid.right + PADDING);
  const lines = wrapText(caption, wide - 2 * PADDING, small);
  const captionTop = grid.bottom + 0.6 * fontSize;
  const bottom = captionTop + lines.length * small * LINE_HEIGHT + PADDING;
  return { width: wide, height: bottom, header, spec, grid, caption: lines, captionTop };
}
