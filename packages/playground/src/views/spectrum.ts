import type { Phase } from "@delve/stats";
import { spectrumPlot } from "@delve/stats/plot";
import { figsizeOf } from "../figures/room.js";
import { figuresOf } from "../state/figures.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, whenChanged } from "./dom.js";
import { FigureBox } from "./figure.js";
import { PHASE_NAMES, phaseMenu } from "./phase-menu.js";

/** The eigenvalues that everything is counted from, layer by layer. */
export class SpectrumView {
  readonly element: HTMLElement;
  readonly #box = new FigureBox("spectra", (width) => (width > 700 ? 330 : 560));
  #phase: Phase = "eval";

  /** @param redraw - Asks for a `render`. */
  constructor(redraw: () => void) {
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
      h("div", { class: "row" }, phase.element),
      this.#box.element,
    );
  }

  render({ settings, run }: State, look: Look): void {
    const last = run.epochs.at(-1);
    if (last !== undefined) this.#draw(last, settings.threshold, this.#phase, look, this.#box.room.width);
  }

  readonly #draw = whenChanged(
    ({ spectra, epoch }: EpochReport, threshold: number, phase: Phase, look: Look, _width: number) => {
      const layers = spectra.filter((spectrum) => spectrum.phase === phase);
      const svg = spectrumPlot({
        title: "",
        layers,
        threshold,
        theme: look.figures,
        figsize: figsizeOf(this.#box.room),
      });
      const counts = layers.map(
        (spectrum) =>
          `${spectrum.layer} ${figuresOf(spectrum, threshold).dimensions} of ${spectrum.features}`,
      );
      const words = `Axes that reach the threshold, on ${PHASE_NAMES[phase]} samples after epoch ${epoch}: ${counts.join(", ")}.`;
      this.#box.show(svg, words);
    },
  );
}
