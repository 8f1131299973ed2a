import type { Phase } from "@delve/stats";
import { spectrumPlot } from "@delve/stats/plot";
import { spectraInWords, spectraOf } from "../figures/spectra.js";
import type { Playground } from "../playground.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, whenChanged } from "./dom.js";
import { FigureBox } from "./figure.js";
import { LayerMenu } from "./layer-menu.js";
import { phaseMenu } from "./phase-menu.js";

/** Less wide than so many pixels, there is room for one layer at a time, the chosen one. */
const NARROW = 560;

/** The eigenvalues that everything is counted from, layer by layer. */
export class SpectrumView {
  readonly element: HTMLElement;
  readonly #box = new FigureBox("spectra", heightOf);
  readonly #layer: LayerMenu;
  #phase: Phase = "eval";

  /** @param redraw - Asks for a `render`. */
  constructor(playground: Playground, redraw: () => void) {
    this.#layer = new LayerMenu("spectrum-layer", playground);
    const phase = phaseMenu("spectrum-phase", (chosen) => {
      this.#phase = chosen;
      redraw();
    });
    this.element = card(
      "spectrum",
      "Where the numbers come from",
      h(
        "p",
        { class: "lead" },
        "The variance of a layer along each of its principal axes, from large to small, and below, the share that the first axes carry together. The tinted ones reach the threshold: they are counted.",
      ),
      h("div", { class: "row compact" }, phase.element, this.#layer.element),
      this.#box.element,
    );
  }

  render({ settings, run }: State, look: Look): void {
    const { width } = this.#box.room;
    const isNarrow = width < NARROW;
    this.#layer.render(settings);
    this.#layer.element.hidden = !isNarrow;
    const last = run.epochs.at(-1);
    const only = isNarrow ? settings.layer : undefined;
    if (last !== undefined) this.#draw(last, settings.threshold, this.#phase, only, look, width);
  }

  readonly #draw = whenChanged(
    (
      epoch: EpochReport,
      threshold: number,
      phase: Phase,
      only: number | undefined,
      look: Look,
      _width: number,
    ) => {
      const input = { threshold, phase, only, theme: look.figures, room: this.#box.room, title: "" };
      this.#box.show(spectrumPlot(spectraOf(epoch, input)), spectraInWords(epoch, input));
    },
  );
}

function heightOf(width: number): number {
  if (width < NARROW) return 320;
  return width > 700 ? 330 : 560;
}
