import { card, h } from "./dom.js";

const POINTS: readonly (readonly [term: string, text: string])[] = [
  [
    "Low saturation",
    "The layer has many features and moves along few directions of them. It has more room than the data asks for: make it narrower, and see whether accuracy stays.",
  ],
  [
    "High saturation",
    "Nearly every direction carries variance. A layer near 1 among lower ones may be a bottleneck: make the network wider.",
  ],
  [
    "A tail",
    "Layers at the end that all stay low pass on what is already solved. With convolutions on digits it begins where the receptive field has outgrown the picture: enlarge the digits, and it moves back.",
  ],
  [
    "Training and held out",
    "The training samples are seen while weights still move, the held-out ones with the weights of the epoch's end. Where their lines part, look at the number of samples.",
  ],
  [
    "Saturation is not quality",
    "It says how many directions are in use, not whether they are of any use. The projection tells: forget the others, and see what is lost.",
  ],
];

/** What the figures mean, in a few words each. */
export class ExplanationView {
  readonly element = card(
    "explanation",
    "How to read it",
    h(
      "dl",
      { class: "explanation" },
      ...POINTS.map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, text))),
    ),
  );
}
