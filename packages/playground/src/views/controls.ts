import type { Playground } from "../playground.js";
import { planarDataset } from "../problems/planar.js";
import {
  ACTIVATIONS,
  DEPTHS,
  NETWORKS,
  NOISES,
  PROBLEMS,
  type ProblemName,
  RATES,
  RESOLUTIONS,
  type Settings,
  WIDEST_CONV,
  WIDTHS,
} from "../state/settings.js";
import { currentLook, onLookChange } from "./colors.js";
import { card, h } from "./dom.js";
import { type Control, menu, slider, tiles } from "./inputs.js";
import { drawPoints, fitCanvas } from "./samples.js";

const THUMB = 44;
const THUMB_POINTS = 90;

/** All settings of a run, but for threshold and projection, which stand beside what they change. */
export class ControlsView {
  readonly element: HTMLElement;
  readonly #show: (settings: Settings) => void;

  constructor(playground: Playground) {
    const data = dataControls(playground);
    const network = networkControls(playground);
    this.element = h(
      "div",
      { class: "controls" },
      card("data", "Data", ...data.elements),
      card("network", "Network", ...network.elements),
    );
    this.#show = (settings) => {
      data.show(settings);
      network.show(settings);
    };
  }

  render(settings: Settings): void {
    this.#show(settings);
  }
}

/** Controls that belong together. */
interface Group {
  readonly elements: HTMLElement[];
  show(settings: Settings): void;
}

const one = <T>({ element }: Control<T>) => element;

function dataControls(playground: Playground): Group {
  const problem = tiles(
    { id: "problem", label: "Problem", say: (name) => name },
    PROBLEMS,
    thumbnail,
    (problem) => playground.change({ problem }),
  );
  const noise = slider(
    { id: "noise", label: "Noise", say: (value) => (value === 0 ? "none" : String(value)) },
    NOISES,
    (noise) => playground.change({ noise }),
  );
  const resolution = menu(
    {
      id: "resolution",
      label: "Digit size",
      say: (side) => `${side} × ${side}`,
      hint: "Enlarged digits hold nothing new: filters just see less of one.",
    },
    RESOLUTIONS,
    (resolution) => playground.change({ resolution }),
  );
  const again = h(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => playground.change({ seed: (playground.state.settings.seed % 9999) + 1 }),
    },
    "Draw new data and weights",
  );
  return {
    elements: [one(problem), one(noise), one(resolution), again],
    show(settings) {
      const isDigits = settings.problem === "digits";
      problem.set(settings.problem);
      noise.set(settings.noise);
      resolution.set(settings.resolution);
      resolution.element.hidden = !isDigits;
    },
  };
}

function networkControls(playground: Playground): Group {
  const network = menu(
    { id: "kind", label: "Layers", say: (kind) => (kind === "dense" ? "dense" : "convolutions") },
    NETWORKS,
    (network) => playground.change({ network }),
  );
  const depth = slider(
    { id: "depth", label: "Depth", say: (value) => `${value} ${value === 1 ? "layer" : "layers"}` },
    DEPTHS,
    (depth) => playground.change({ depth }),
  );
  const width = slider({ id: "width", label: "Width", say: (value) => `${value} units` }, WIDTHS, (width) =>
    playground.change({ width }),
  );
  const filters = slider(
    { id: "filters", label: "Width", say: (value) => `${value} filters` },
    WIDTHS.filter((value) => value <= WIDEST_CONV),
    (width) => playground.change({ width }),
  );
  const activation = menu(
    { id: "activation", label: "Activation", say: (name) => (name === "relu" ? "ReLU" : name) },
    ACTIVATIONS,
    (activation) => playground.change({ activation }),
  );
  const rate = menu({ id: "rate", label: "Learning rate", say: String }, RATES, (rate) =>
    playground.change({ rate }),
  );
  return {
    elements: [one(network), one(depth), one(width), one(filters), one(activation), one(rate)],
    show(settings) {
      const isConv = settings.network === "conv";
      network.set(settings.network);
      network.element.hidden = settings.problem !== "digits";
      depth.set(settings.depth);
      width.set(settings.width);
      width.element.hidden = isConv;
      filters.set(settings.width);
      filters.element.hidden = !isConv;
      activation.set(settings.activation);
      rate.set(settings.rate);
    },
  };
}

/** A few points of a problem; a digit for the digits. */
function thumbnail(problem: ProblemName): Node {
  if (problem === "digits") return h("span", { class: "thumb thumb-digits", "aria-hidden": "true" }, "3 8 6");
  const canvas = h("canvas", { class: "thumb", "aria-hidden": "true" });
  const context = fitCanvas(canvas, THUMB, THUMB);
  const { train } = planarDataset(problem, { noise: 0.05, seed: 3, count: THUMB_POINTS });
  const draw = () => {
    context.clearRect(0, 0, THUMB, THUMB);
    drawPoints(context, THUMB, train, currentLook().classes, 1.5);
  };
  draw();
  onLookChange(draw);
  return canvas;
}
