import { type AnyFigure, drawAnyFigure } from "../plot/any-figure.js";

/** A figure to be drawn. Plain data: it can be sent to another thread. */
export type Figure = AnyFigure & {
  /** Whether pixels are wanted, too. */
  readonly png: boolean;
  /** Pixels a unit of the SVG. */
  readonly scale?: number | undefined;
};

/** A figure as files hold it. */
export interface DrawnFigure {
  readonly svg: string;
  /** `null` if it was not asked for; an error if this place cannot make it. */
  readonly png: Uint8Array | Error | null;
}

/**
 * Draws a figure, here and now.
 *
 * @throws {Error} If it cannot be drawn.
 */
export async function drawFigure(figure: Figure): Promise<DrawnFigure> {
  const { png, scale } = figure;
  const svg = drawAnyFigure(figure);
  return { svg, png: png ? await rasterise(svg, scale) : null };
}

async function rasterise(svg: string, scale: number | undefined): Promise<Uint8Array | Error> {
  try {
    // 2.9 MB that figures without PNG never load.
    const { renderPng } = await import("./rasteriser.js");
    return await renderPng(svg, { scale });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
