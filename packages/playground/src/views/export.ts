import { runAsCsv } from "../export/csv.js";
import { download, pngOf } from "../export/files.js";
import { TAKEN_FIGURES, type TakenFigure, takenFigure } from "../figures/taken.js";
import type { Playground } from "../playground.js";
import type { State } from "../state/state.js";
import { card, h, setText } from "./dom.js";
import { menu } from "./inputs.js";

const FIGURE_NAMES: Readonly<Record<TakenFigure, string>> = {
  profile: "every layer",
  history: "over the epochs",
  spectra: "eigenvalues",
  projection: "projection",
};

/** Buttons that take things away: numbers, figures, the address. */
export class ExportView {
  readonly element: HTMLElement;
  readonly #playground: Playground;
  readonly #said = h("p", { class: "hint", role: "status" });
  readonly #csvButton = this.#button("export-csv", "Numbers as CSV", () => this.#csv());
  readonly #figureButtons = [
    this.#button("export-svg", "Figure as SVG", () => this.#svg()),
    this.#button("export-png", "Figure as PNG", () => this.#png()),
  ];
  #figure: TakenFigure = "profile";

  constructor(playground: Playground) {
    this.#playground = playground;
    const figure = menu<TakenFigure>(
      { id: "export-figure", label: "Figure", say: (name) => FIGURE_NAMES[name] },
      TAKEN_FIGURES,
      (chosen) => {
        this.#figure = chosen;
        this.render(playground.state);
      },
    );
    this.element = card(
      "export",
      "Take it with you",
      h(
        "div",
        { class: "buttons" },
        this.#csvButton,
        figure.element,
        ...this.#figureButtons,
        this.#button("copy-link", "Copy link", () => this.#copyLink()),
      ),
      h("p", { class: "hint" }, "The link holds every setting, the seed included: it leads to the same run."),
      this.#said,
    );
  }

  render({ run }: State): void {
    this.#csvButton.disabled = run.epochs.length === 0;
    const isThere = run.epochs.length > 0 && (this.#figure !== "projection" || run.curve !== null);
    for (const button of this.#figureButtons) button.disabled = !isThere;
  }

  #button(id: string, text: string, onclick: () => unknown): HTMLButtonElement {
    return h("button", { id, type: "button", onclick: () => void onclick() }, text);
  }

  get #name(): string {
    const { settings, run } = this.#playground.state;
    return `delve-${settings.problem}-epoch-${run.epochs.at(-1)?.epoch ?? 0}`;
  }

  get #figureName(): string {
    return `${this.#name}-${this.#figure}`;
  }

  #csv(): void {
    const { settings, run } = this.#playground.state;
    download(runAsCsv(run.epochs, settings.threshold), "text/csv", `${this.#name}.csv`);
  }

  #svg(): void {
    const svg = takenFigure(this.#figure, this.#playground.state);
    if (svg !== null) download(svg, "image/svg+xml", `${this.#figureName}.svg`);
  }

  async #png(): Promise<void> {
    const [name, svg] = [this.#figureName, takenFigure(this.#figure, this.#playground.state)];
    if (svg !== null) download(await pngOf(svg), "image/png", `${name}.png`);
  }

  async #copyLink(): Promise<void> {
    // The address itself follows a moment later.
    const link = new URL(`#${this.#playground.query}`, location.href).href;
    // Without a secure context there is no clipboard at all.
    const copied = await (navigator.clipboard?.writeText(link) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    setText(
      this.#said,
      copied ? "The link is copied." : "This browser does not let pages copy: take the address above.",
    );
  }
}
