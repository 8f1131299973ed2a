import { layerProfile } from "@delve/stats/plot";
import { layerProfileOf, profileInWords } from "../figures/profile.js";
import type { Playground } from "../playground.js";
import { percent } from "../state/findings.js";
import { STATISTICS, type StatisticName, THRESHOLDS } from "../state/settings.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, whenChanged } from "./dom.js";
import { FigureBox } from "./figure.js";
import { menu, slider } from "./inputs.js";

/** The figure that all is about: layers along x, saturation along y, and the threshold that it depends on. */
export class ProfileView {
  readonly element: HTMLElement;
  readonly #box = new FigureBox("profile", (width) => Math.min(480, Math.max(300, 0.6 * width)));
  readonly #threshold;
  readonly #statistic;

  constructor(playground: Playground) {
    this.#threshold = slider(
      {
        id: "threshold",
        label: "Threshold",
        say: (value) => percent(value),
        hint: "How much of the variance the counted axes have to carry. Drag it: nothing is trained anew, every number follows from the eigenvalues.",
      },
      THRESHOLDS,
      (threshold) => playground.change({ threshold }),
    );
    this.#statistic = menu(
      {
        id: "statistic",
        label: "Show",
        say: (name) => (name === "saturation" ? "saturation: share of features" : "dimensions: their count"),
      },
      STATISTICS,
      (statistic) => playground.change({ statistic }),
    );
    this.element = card(
      "profile",
      "Saturation of every layer",
      h(
        "p",
        { class: "lead" },
        "Of all the directions a layer could use, the share that it takes to carry most of the variance of what it puts out.",
      ),
      this.#box.element,
      this.#threshold.element,
      h("div", { class: "row compact" }, this.#statistic.element),
    );
  }

  render({ settings, run }: State, look: Look): void {
    this.#threshold.set(settings.threshold);
    this.#statistic.set(settings.statistic);
    if (run.epochs.length === 0) return;
    const { width } = this.#box.room;
    this.#draw(run.epochs, settings.threshold, settings.statistic, look, width);
  }

  readonly #draw = whenChanged(
    (
      epochs: readonly EpochReport[],
      threshold: number,
      statistic: StatisticName,
      look: Look,
      _width: number,
    ) => {
      const input = { epochs, threshold, statistic, theme: look.figures, room: this.#box.room, title: "" };
      this.#box.show(layerProfile(layerProfileOf(input)), profileInWords(input));
    },
  );
}
