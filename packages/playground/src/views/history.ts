import type { Phase } from "@delve/stats";
import { heatMap } from "@delve/stats/plot";
import { historyInWords, historyOf } from "../figures/history.js";
import type { StatisticName } from "../state/settings.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, whenChanged } from "./dom.js";
import { FigureBox } from "./figure.js";
import { phaseMenu } from "./phase-menu.js";

/** How saturations came about, epoch by epoch. */
export class HistoryView {
  readonly element: HTMLElement;
  readonly #box = new FigureBox("history", (width) => Math.min(330, Math.max(240, 0.5 * width)));
  #phase: Phase = "eval";

  /** @param redraw - Asks for a `render`. */
  constructor(redraw: () => void) {
    const phase = phaseMenu("history-phase", (chosen) => {
      this.#phase = chosen;
      redraw();
    });
    this.element = card(
      "history",
      "How it came about",
      h(
        "p",
        { class: "lead" },
        "Every layer from the first, random weights on. The threshold counts here, too.",
      ),
      h("div", { class: "row compact" }, phase.element),
      this.#box.element,
    );
  }

  render({ settings, run }: State, look: Look): void {
    if (run.epochs.length === 0) return;
    const { threshold, statistic } = settings;
    this.#draw(run.epochs, threshold, statistic, this.#phase, look, this.#box.room.width);
  }

  readonly #draw = whenChanged(
    (
      epochs: readonly EpochReport[],
      threshold: number,
      statistic: StatisticName,
      phase: Phase,
      look: Look,
      _width: number,
    ) => {
      const { room } = this.#box;
      const input = { threshold, statistic, phase, theme: look.figures, room, title: "" };
      this.#box.show(heatMap(historyOf(epochs, input)), historyInWords(epochs, input));
    },
  );
}
