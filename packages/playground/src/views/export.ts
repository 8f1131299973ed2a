import { layerProfile, THEMES } from "@delve/stats/plot";
import { runAsCsv } from "../export/csv.js";
import { download, pngOf } from "../export/files.js";
import { layerProfileOf } from "../figures/profile.js";
import type { Playground } from "../playground.js";
import { card, h, setText } from "./dom.js";

/** Size of figures that are taken away, in pixels. */
const ROOM = { width: 860, height: 480 };

/** Buttons that take things away: numbers, figures, the address. */
export class ExportView {
  readonly element: HTMLElement;
  readonly #playground: Playground;
  readonly #said = h("p", { class: "hint", role: "status" });

  constructor(playground: Playground) {
    this.#playground = playground;
    const button = (id: string, text: string, onclick: () => unknown) =>
      h("button", { id, type: "button", onclick: () => void onclick() }, text);
    this.element = card(
      "export",
      "Take it with you",
      h(
        "div",
        { class: "buttons" },
        button("export-csv", "Numbers as CSV", () => this.#csv()),
        button("export-svg", "Figure as SVG", () =>
          download(this.#svg(), "image/svg+xml", `${this.#name}.svg`),
        ),
        button("export-png", "Figure as PNG", () => this.#png()),
        button("copy-link", "Copy link", () => this.#copyLink()),
      ),
      h("p", { class: "hint" }, "The link holds every setting, the seed included: it leads to the same run."),
      this.#said,
    );
  }

  get #name(): string {
    const { settings, run } = this.#playground.state;
    return `delve-${settings.problem}-epoch-${run.epochs.at(-1)?.epoch ?? 0}`;
  }

  #csv(): void {
    const { settings, run } = this.#playground.state;
    download(runAsCsv(run.epochs, settings.threshold), "text/csv", `${this.#name}.csv`);
  }

  #svg(): string {
    const { settings, run } = this.#playground.state;
    const { epochs } = run;
    const { threshold, statistic } = settings;
    const title = `${settings.problem} · ${statistic} · epoch ${epochs.at(-1)!.epoch}`;
    return layerProfile(
      layerProfileOf({ epochs, threshold, statistic, theme: THEMES.light, room: ROOM, title }),
    );
  }

  async #png(): Promise<void> {
    const name = this.#name;
    download(await pngOf(this.#svg()), "image/png", `${name}.png`);
  }

  async #copyLink(): Promise<void> {
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    setText(
      this.#said,
      copied ? "The link is copied." : "This browser does not let pages copy: take the address above.",
    );
  }
}
