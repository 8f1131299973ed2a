import { layerProfile } from "@delve/stats/plot";
import { curveInWords, projectionCurve } from "../figures/curve.js";
import type { Playground } from "../playground.js";
import { percent } from "../state/findings.js";
import { featuresAt } from "../state/layers.js";
import type { Settings } from "../state/settings.js";
import type { RunState, State } from "../state/state.js";
import type { CurveReport, ProjectedNetwork, ProjectionReport, StartedReport } from "../worker/protocol.js";
import type { Look } from "./colors.js";
import { card, h, setText, whenChanged } from "./dom.js";
import { FigureBox } from "./figure.js";
import { type Control, slider } from "./inputs.js";
import { LayerMenu } from "./layer-menu.js";
import { PictureCanvas } from "./picture.js";

/** A picture of the network, with what it is and how well it does below. */
class Panel {
  readonly canvas = new PictureCanvas();
  readonly element: HTMLElement;
  readonly #name = h("strong");
  readonly #score = h("span");

  constructor(id: string) {
    const caption = h("figcaption", { id }, this.#name, " ", this.#score);
    this.element = h("figure", { class: "panel" }, this.canvas.element, caption);
  }

  draw(name: string, { shown }: StartedReport, { accuracy, picture }: ProjectedNetwork, look: Look): void {
    setText(this.#name, name);
    setText(this.#score, percent(accuracy, 3));
    this.canvas.draw(shown, picture, look, name);
  }
}

/** One layer projected: how far do its first few axes carry the network, and how far as many random ones? */
export class ProjectionView {
  readonly element: HTMLElement;
  readonly #layer: LayerMenu;
  readonly #axes: HTMLElement = h("div");
  readonly #playground: Playground;
  readonly #panels = {
    full: new Panel("panel-full"),
    principal: new Panel("panel-principal"),
    random: new Panel("panel-random"),
  };
  readonly #curve = new FigureBox("curve", (width) => Math.min(300, Math.max(240, 0.55 * width)));
  readonly #note = h("p", { class: "hint", id: "projection-note" });
  #slider: Control<number> | null = null;
  #features = 0;

  constructor(playground: Playground) {
    this.#playground = playground;
    this.#layer = new LayerMenu("project-layer", playground);
    const { full, principal, random } = this.#panels;
    this.element = card(
      "projection",
      "Does the network need the rest?",
      h(
        "p",
        { class: "lead" },
        "What one layer puts out is moved onto its few axes of most variance, and everything else about it forgotten. Where those are enough, nothing changes; random axes of the same number show that it is not the number alone.",
      ),
      h("div", { class: "row" }, this.#layer.element, this.#axes),
      h("div", { class: "panels" }, full.element, principal.element, random.element),
      this.#note,
      this.#curve.element,
    );
  }

  render({ settings, run }: State, look: Look): void {
    this.#layer.render(settings);
    this.#renderAxes(settings);
    const width = this.#curve.room.width;
    if (run.started && run.projection) this.#drawPanels(run.started, run.projection, look, width);
    if (run.curve) this.#drawCurve(run.curve, look, width);
    setText(this.#note, ageInWords(run));
  }

  /** Another slider for another number of features. */
  #renderAxes(settings: Settings): void {
    const features = featuresAt(settings, settings.layer);
    if (features !== this.#features || this.#slider === null) {
      this.#features = features;
      this.#slider = slider(
        { id: "axes", label: "Axes kept", say: (count) => `${count} of ${features}` },
        Array.from({ length: features }, (_, i) => i + 1),
        (axes) => this.#playground.change({ axes }),
      );
      this.#axes.replaceChildren(this.#slider.element);
    }
    this.#slider.set(Math.min(settings.axes, features));
  }

  readonly #drawPanels = whenChanged(
    (started: StartedReport, report: ProjectionReport, look: Look, _width: number) => {
      const { axes } = report;
      const count = axes === 1 ? "axis" : "axes";
      this.#panels.full.draw("As it is", started, report.full, look);
      this.#panels.principal.draw(`${axes} principal ${count}`, started, report.principal, look);
      this.#panels.random.draw(`${axes} random ${count}`, started, report.random, look);
    },
  );

  readonly #drawCurve = whenChanged((report: CurveReport, look: Look, _width: number) => {
    const svg = layerProfile(projectionCurve(report, look.figures, this.#curve.room));
    this.#curve.show(svg, curveInWords(report));
  });
}

/** While training goes on, projections come after it: which epoch they are of, where it is not the last. */
function ageInWords({ epochs, projection, curve }: RunState): string {
  const now = epochs.at(-1)?.epoch;
  if (projection === null || now === undefined) return "";
  const pictures = projection.epoch < now ? `Pictures of epoch ${projection.epoch}` : "";
  if (curve === null) return `${pictures ? `${pictures}; the` : "The"} curve is on its way.`;
  const line = curve.epoch < now ? `curve of epoch ${curve.epoch}` : "";
  const ages = [pictures, line].filter(Boolean).join("; ");
  return ages === "" ? "" : `${ages[0]!.toUpperCase()}${ages.slice(1)}.`;
}
