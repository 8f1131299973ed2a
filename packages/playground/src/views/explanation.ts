import { DEFAULTS, queryOf, type Settings } from "../state/settings.js";
import { card, h } from "./dom.js";

/** A thing to know, and settings that show it. */
interface Point {
  readonly term: string;
  readonly text: string;
  readonly trials: readonly { readonly label: string; readonly settings: Partial<Settings> }[];
}

const CNN: Partial<Settings> = {
  problem: "digits",
  network: "conv",
  width: 16,
  depth: 8,
  rate: 0.003,
  noise: 0,
};
const DENSE: Partial<Settings> = { problem: "digits", rate: 0.003 };

const POINTS: readonly Point[] = [
  {
    term: "Low saturation",
    text: "The layer has many features and moves along few directions of them. It has more room than the data asks for: make it narrower, and see whether accuracy stays.",
    trials: [
      { label: "64 units a layer", settings: { ...DENSE, width: 64 } },
      { label: "16 units", settings: { ...DENSE, width: 16 } },
    ],
  },
  {
    term: "High saturation",
    text: "Nearly every direction carries variance. A layer near 1 among lower ones may be a bottleneck: make the network wider.",
    trials: [
      { label: "3 units for a spiral", settings: { problem: "spiral", width: 3 } },
      { label: "12 units", settings: { problem: "spiral", width: 12 } },
    ],
  },
  {
    term: "A tail",
    text: "Layers at the end that all stay low pass on what is already solved. With convolutions on digits the fall tends to begin where the receptive field has outgrown the picture, and to move back where the digits are enlarged; seeds differ.",
    trials: [
      { label: "8 convolutions on 8 × 8", settings: CNN },
      { label: "on 16 × 16 (slow)", settings: { ...CNN, resolution: 16 } },
    ],
  },
  {
    term: "Training and held out",
    text: "The training samples are seen while weights still move, the held-out ones with the weights of the epoch's end. Where their lines part, look at the number of samples.",
    trials: [{ label: "noisy digits", settings: { ...DENSE, width: 48, noise: 0.4 } }],
  },
  {
    term: "Saturation is not quality",
    text: "It says how many directions are in use, not whether they are of any use. The projection tells: forget the others, and see what is lost.",
    trials: [{ label: "two axes of a spiral", settings: { problem: "spiral", layer: 2, axes: 2 } }],
  },
];

/** What the figures mean, in a few words each, and where to see it. */
export class ExplanationView {
  readonly element = card(
    "explanation",
    "How to read it",
    h("dl", { class: "explanation" }, ...POINTS.map(entry)),
  );
}

/** What changes stands above: shows it, with the focus where training begins. */
function toTop(): void {
  document.getElementById("play")?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

function entry({ term, text, trials }: Point): HTMLElement {
  const links = trials.map(({ label, settings }) => {
    return h("a", { href: `#${queryOf({ ...DEFAULTS, ...settings })}`, onclick: toTop }, label);
  });
  const list = h(
    "p",
    { class: "trials" },
    "Try: ",
    ...links.flatMap((link, i) => (i === 0 ? [link] : [", ", link])),
  );
  return h("div", {}, h("dt", {}, term), h("dd", {}, text, list));
}
