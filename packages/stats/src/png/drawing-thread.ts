import type { DrawnFigure, Figure } from "./draw-figure.js";

/** A thread that draws one figure at a time. */
export interface DrawingThread {
  /**
   * The figure drawn, or what is wrong with it. While it is at work, it keeps the process from ending.
   *
   * @throws {Error} If the thread itself cannot go on; it is of no more use then.
   */
  draw(figure: Figure): Promise<DrawnFigure | { readonly error: Error }>;
  /** Ends the thread. */
  end(): void;
}

/**
 * Starts a thread; it says with its first figure whether it works.
 *
 * @param fonts - Fonts to draw with instead of its own.
 */
export type StartDrawingThread = (fonts: readonly Uint8Array[] | null) => DrawingThread;
