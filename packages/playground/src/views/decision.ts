import type { State } from "../state/state.js";
import type { EpochReport, StartedReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, setText, whenChanged } from "./dom.js";
import { PictureCanvas } from "./picture.js";

const PLANE_TEXT =
  "Held-out points, discs and squares, over what the network says of every place of the plane. Pale where it does not know.";
const DIGITS_TEXT = "Held-out digits, and what the network reads. A cross marks what it misreads.";

/** What the network makes of its problem. */
export class DecisionView {
  readonly element: HTMLElement;
  readonly #canvas = new PictureCanvas();
  readonly #text = h("p", { class: "hint" });

  constructor() {
    this.element = card("decision", "What the network says", this.#canvas.element, this.#text);
  }

  render({ run }: State, look: Look): void {
    const last = run.epochs.at(-1);
    if (run.started && last) this.#draw(run.started, last, look, this.#canvas.element.clientWidth);
  }

  readonly #draw = whenChanged(
    (started: StartedReport, { picture }: EpochReport, look: Look, _width: number) => {
      setText(this.#text, picture.kind === "plane" ? PLANE_TEXT : DIGITS_TEXT);
      this.#canvas.draw(started.shown, picture, look, "What the network says");
    },
  );
}
