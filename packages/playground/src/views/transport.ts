import type { Playground } from "../playground.js";
import { percent } from "../state/findings.js";
import { isMeantToTrain, isOver, type RunState, type State } from "../state/state.js";
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
  readonly #note = h("p", { class: "hint", id: "run-note", hidden: true });
  readonly #live = h("p", { class: "visually-hidden", role: "status", id: "status" });
  #told = 0;

  constructor(playground: Playground) {
    const button = (id: string, text: string, onclick: () => void, kind = "") =>
      h("button", { id, type: "button", onclick: ifUsable(onclick), class: kind }, text);
    this.#play = button("play", "Train", () => playground.toggle(), "primary");
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
      this.#note,
      h("div", { class: "bar", "aria-hidden": "true" }, this.#bar),
      this.#live,
    );
  }

  render({ run, failure }: State): void {
    const last = run.epochs.at(-1);
    const isStuck = isOver(run) || (failure !== null && run.started === null);
    setText(this.#play, playText(run));
    setUsable(this.#play, !isStuck);
    setUsable(this.#step, !(isStuck || run.isTraining || isMeantToTrain(run)));
    setText(this.#epoch, last ? String(last.epoch) : "–");
    setText(this.#heldOut, last ? accuracyIn(last.scores.eval) : "–");
    setText(this.#train, last ? accuracyIn(last.scores.train) : "–");
    setText(this.#loss, last ? last.scores.eval.loss.toFixed(3) : "–");
    this.#bar.style.width = `${100 * run.progress}%`;
    const note = noteOf(run);
    this.#note.hidden = note === "";
    setText(this.#note, note);
    this.#tell(run, note);
  }

  /** Says where things stand: at once where training begins or ends, now and then meanwhile. */
  #tell(run: RunState, note: string): void {
    const now = performance.now();
    const last = run.epochs.at(-1);
    if (last === undefined || (run.isTraining && now - this.#told < TELL_EVERY)) return;
    this.#told = now;
    const { epoch, scores } = last;
    const text = `Epoch ${epoch}: ${accuracyIn(scores.eval)} of the held-out samples right. ${note}`;
    setText(this.#live, text.trimEnd());
  }
}

/** Says that a button does nothing now. It keeps the focus, which one that is disabled would lose. */
function setUsable(button: HTMLButtonElement, isUsable: boolean): void {
  const isOff = String(!isUsable);
  if (button.getAttribute("aria-disabled") !== isOff) button.setAttribute("aria-disabled", isOff);
}

const ifUsable = (onclick: () => void) => (event: Event) => {
  if ((event.currentTarget as HTMLElement).getAttribute("aria-disabled") !== "true") onclick();
};

function playText(run: RunState): string {
  if (run.wish === "pause") return "Pausing …";
  return isMeantToTrain(run) ? "Pause" : "Train";
}

/** Why training cannot go on; empty where it can. */
function noteOf(run: RunState): string {
  if (run.diverged !== null) {
    return `In epoch ${run.diverged}, numbers grew too large to compute with. Choose a lower learning rate and start over.`;
  }
  return isOver(run) ? "This is as far as the history goes; start over to go on." : "";
}

const accuracyIn = ({ accuracy }: Score) => percent(accuracy, 3);

const fact = (name: string, value: HTMLElement) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
