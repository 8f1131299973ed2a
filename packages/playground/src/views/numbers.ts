import type { Playground } from "../playground.js";
import { type LayerFigures, layerFigures, type PhaseFigures } from "../state/figures.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import { card, h, setText, whenChanged } from "./dom.js";

/** Cells of a row, after the layer's name. */
const CELLS = 5;

/** The numbers behind the profile, as a table whose rows choose the layer that is looked at closely. */
export class NumbersView {
  readonly element: HTMLElement;
  readonly #playground: Playground;
  readonly #body = h("tbody");
  readonly #note = h("p", { class: "hint", id: "samples-note" });

  constructor(playground: Playground) {
    this.#playground = playground;
    const table = h(
      "table",
      { id: "numbers-table" },
      h("caption", { class: "visually-hidden" }, "Dimensions and saturation of every layer"),
      tableHead(),
      this.#body,
    );
    this.element = card(
      "numbers",
      "The numbers",
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of numbers" }, table),
      this.#note,
    );
  }

  render({ settings, run }: State): void {
    const last = run.epochs.at(-1);
    if (last !== undefined) this.#draw(last, settings.threshold, settings.layer);
  }

  readonly #draw = whenChanged((epoch: EpochReport, threshold: number, chosen: number) => {
    const layers = layerFigures(epoch, threshold);
    this.#matchRows(layers);
    layers.forEach((figures, i) => {
      const row = this.#body.rows[i]!;
      row.classList.toggle("chosen", i === chosen);
      row.querySelector("button")!.setAttribute("aria-pressed", String(i === chosen));
      cellsOf(figures).forEach((text, column) => {
        setText(row.cells[column + 1]!, text);
      });
    });
    const { train, eval: held } = layers[0]!;
    const isShort = layers.some((figures) => figures.train.undersampled || figures.eval.undersampled);
    const warning = isShort
      ? " Hollow marks in the figure, and * here: fewer than ten samples a feature."
      : "";
    const places = layers[0]!.layer.startsWith("conv")
      ? ", a convolution's from every place of its maps"
      : "";
    const counts = `${grouped(train.samples)} training and ${grouped(held.samples)} held-out samples`;
    setText(this.#note, `From ${counts}${places}.${warning}`);
  });

  /** Rows stay as they are while layers do, so that the focus stays on their buttons. */
  #matchRows(layers: readonly LayerFigures[]): void {
    const names = [...this.#body.rows].map((row) => row.dataset["layer"]);
    if (names.length === layers.length && layers.every(({ layer }, i) => layer === names[i])) return;
    this.#body.replaceChildren(...layers.map(({ layer }, i) => this.#row(layer, i)));
  }

  #row(layer: string, index: number): HTMLTableRowElement {
    const choose = h(
      "button",
      { type: "button", class: "link", onclick: () => this.#playground.change({ layer: index }) },
      layer,
    );
    const cells = Array.from({ length: CELLS }, () => h("td"));
    return h("tr", { "data-layer": layer }, h("th", { scope: "row" }, choose), ...cells);
  }
}

/** Two columns for each kind of samples. */
function tableHead(): HTMLElement {
  const pair = (name: string) => h("th", { scope: "colgroup", colspan: 2, class: "pair-head" }, name);
  const measures = () => [measure("Dimensions", "Dim."), measure("Saturation", "Sat.")];
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("th", { scope: "col", rowspan: 2 }, "Layer"),
      measure("Features", "Feat.", 2),
      pair("Training"),
      pair("Held out"),
    ),
    h("tr", {}, ...measures(), ...measures()),
  );
}

/** A column whose name is cut short where there is no room for it. */
function measure(name: string, short: string, rowspan = 1): HTMLElement {
  const full = h("span", { class: "full" }, name);
  return h(
    "th",
    { scope: "col", rowspan, abbr: name },
    full,
    h("abbr", { class: "short", title: name }, short),
  );
}

/** With commas between thousands, whatever the reader's own language: the page is in English. */
const grouped = (count: number): string => count.toLocaleString("en");

function cellsOf({ features, train, eval: held }: LayerFigures): string[] {
  const saturation = (figures: PhaseFigures) =>
    figures.saturation.toFixed(3) + (figures.undersampled ? " *" : "");
  return [
    String(features),
    String(train.dimensions),
    saturation(train),
    String(held.dimensions),
    saturation(held),
  ];
}
