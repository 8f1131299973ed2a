import { layerFigures } from "../state/figures.js";
import { findings } from "../state/findings.js";
import { classesOf, inputsOf } from "../state/layers.js";
import type { State } from "../state/state.js";
import type { EpochReport } from "../worker/protocol.js";
import { card, h, setText, whenChanged } from "./dom.js";

/** The profile in a few sentences. */
export class FindingsView {
  readonly element: HTMLElement;
  readonly #list = h("ul", { class: "findings" });

  constructor() {
    this.element = card("findings", "What delve finds", this.#list);
  }

  render({ settings, run }: State): void {
    const last = run.epochs.at(-1);
    if (last !== undefined) this.#draw(last, settings.threshold, inputsOf(settings), classesOf(settings));
  }

  readonly #draw = whenChanged((report: EpochReport, threshold: number, inputs: number, classes: number) => {
    const { epoch, scores } = report;
    const { accuracy } = scores.eval;
    const layers = layerFigures(report, threshold);
    const sentences = findings({ layers, threshold, inputs, classes, epoch, accuracy });
    while (this.#list.children.length > sentences.length) this.#list.lastElementChild!.remove();
    while (this.#list.children.length < sentences.length) this.#list.append(h("li"));
    sentences.forEach((sentence, i) => {
      setText(this.#list.children[i]!, sentence);
    });
  });
}
