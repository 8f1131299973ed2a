import { h } from "./dom.js";

/**
 * A box that shows a figure as SVG, with the same in words as its text alternative.
 */
export class FigureBox {
  readonly element: HTMLElement;
  readonly #height: (width: number) => number;
  #svg = "";

  /** @param height - Of the figure, for its width; both in pixels. */
  constructor(kind: string, height: (width: number) => number) {
    this.element = h("div", { class: `figure ${kind}` });
    this.#height = height;
  }

  /** How large the figure can be. */
  get room(): { readonly width: number; readonly height: number } {
    const width = Math.max(280, this.element.clientWidth || 600);
    return { width, height: this.#height(width) };
  }

  /** @param svg - A document that comes from code: it is taken as markup. */
  show(svg: string, words: string): void {
    if (svg !== this.#svg) this.element.innerHTML = svg;
    this.#svg = svg;
    this.element.firstElementChild!.setAttribute("aria-label", words);
  }
}
