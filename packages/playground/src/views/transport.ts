import type { Playground } from "../playground.js";
import { percent } from "../state/findings.js";
import { LAST_EPOCH } from "../state/limits.js";
import type { RunState, State } from "../state/state.js";
import type { Score } from "../worker/protocol.js";
import { h, setText } from "./dom.js";

/** Screen readers are told of training no more often, in milliseconds. */
const TELL_EVERY = 4000;

/** Buttons that move training on, and how far it is. */
export class TransportView {
  readonly element: HTMLElement;
  readonly #play: HTMLButtonElement;
  readonly #step: HTMLButtonElement;
  readonly #epoch = h("strong", { id: "epoch" }, "–");
  readonly #heldOut = h("strong", { id: "accuracy-eval" }, "–");
  readonly #train = h("strong", { id: "accuracy-train" }, "–");
  readonly #loss = h("strong", { id: "loss-eval" }, "–");
  readonly #bar = h("div", { class: "bar-fill" });
  readonly #live = h("p", { class: "visually-hidden", role: "status", id: "status" });
  #told = 0;

  constructor(playground: Playground) {
    const button = (id: string, text: string, onclick: () => void, kind = "") =>
      h("button", { id, type: "button", onclick, class: kind }, text);
    this.#play = button("play", "Train", () => toggle(playground), "primary");
    this.#step = button("step", "One epoch", () => playground.step());
    const restart = button("restart", "Start over", () => playground.restart());
    this.element = h(
      "div",
      { class: "transport", role: "group", "aria-label": "Training" },
      h("div", { class: "buttons" }, this.#play, this.#step, restart),
      h(
        "dl",
        { class: "scores" },
        fact("Epoch", this.#epoch),
        fact("Held-out accuracy", this.#heldOut),
        fact("Training accuracy", this.#train),
        fact("Held-out loss", this.#loss),
      ),
      h("div", { class: "bar", "aria-hidden": "true" }, this.#bar),
      this.#live,
    );
  }

  render({ run }: State): void {
    const last = run.epochs.at(-1);
    const isOver = last !== undefined && last.epoch >= LAST_EPOCH;
    setText(this.#play, run.isPausing ? "Pausing …" : run.isTraining ? "Pause" : "Train");
    this.#play.disabled = run.started === null || isOver;
    this.#step.disabled = run.started === null || run.isTraining || isOver;
    setText(this.#epoch, last ? String(last.epoch) : "–");
    setText(this.#heldOut, last ? accuracyIn(last.scores.eval) : "–");
    setText(this.#train, last ? accuracyIn(last.scores.train) : "–");
    setText(this.#loss, last ? last.scores.eval.loss.toFixed(3) : "–");
    this.#bar.style.width = `${100 * run.progress}%`;
    this.#tell(isOver, run);
  }

  /** Says where things stand: at once where training begins or ends, now and then meanwhile. */
  #tell(isOver: boolean, run: RunState): void {
    const now = performance.now();
    const last = run.epochs.at(-1);
    if (last === undefined || (run.isTraining && now - this.#told < TELL_EVERY)) return;
    this.#told = now;
    const { epoch, scores } = last;
    const end = isOver ? " This is as far as the history goes; start over to go on." : "";
    setText(this.#live, `Epoch ${epoch}: ${accuracyIn(scores.eval)} of the held-out samples right.${end}`);
  }
}

/** Begins, pauses, or takes the pause back before it comes. */
function toggle(playground: Playground): void {
  const { isTraining, isPausing } = playground.state.run;
  playground.train(!isTraining || isPausing);
}

const accuracyIn = ({ accuracy }: Score) => percent(accuracy, 3);

const fact = (name: string, value: HTMLElement) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
