import type { Playground } from "../playground.js";
import { currentLook, onLookChange } from "./colors.js";
import { ControlsView } from "./controls.js";
import { DecisionView } from "./decision.js";
import { h, setText } from "./dom.js";
import { ExplanationView } from "./explanation.js";
import { ExportView } from "./export.js";
import { FindingsView } from "./findings.js";
import { HistoryView } from "./history.js";
import { NumbersView } from "./numbers.js";
import { ProfileView } from "./profile.js";
import { ProjectionView } from "./projection.js";
import { SpectrumView } from "./spectrum.js";
import { TransportView } from "./transport.js";

/** Figures are drawn no more often, in milliseconds, whatever comes in. */
const DRAW_EVERY = 60;

/** What drawing may take of a frame before the rest has to wait for the next, in milliseconds. */
const FRAME = 8;
/** Figures that take turns: none keeps the page from answering, and none is left out. */
const TURNS = ["decision", "projection", "history", "spectrum"] as const;

/** All parts of the page. Each draws what it depends on, and only when that has changed. */
export class App {
  readonly #playground: Playground;
  readonly #failure = h("p", { class: "failure", role: "alert", hidden: true });
  readonly #parts;
  #isScheduled = false;
  #drawn = 0;
  #isTakingTurns = false;
  /** Which figure comes next, and how many have not been drawn since the state has changed. */
  #turn = 0;
  #waiting = 0;

  constructor(playground: Playground) {
    this.#playground = playground;
    this.#parts = {
      transport: new TransportView(playground),
      controls: new ControlsView(playground),
      profile: new ProfileView(playground),
      decision: new DecisionView(),
      findings: new FindingsView(),
      numbers: new NumbersView(playground),
      spectrum: new SpectrumView(playground, () => this.schedule()),
      projection: new ProjectionView(playground),
      history: new HistoryView(() => this.schedule()),
      export: new ExportView(playground),
    };
    onLookChange(() => this.schedule());
    new ResizeObserver(() => this.schedule()).observe(document.documentElement);
  }

  /** What stands on the page, from top to bottom. */
  get elements(): readonly HTMLElement[] {
    const {
      transport,
      controls,
      profile,
      decision,
      findings,
      numbers,
      spectrum,
      projection,
      history,
      export: taken,
    } = this.#parts;
    return [
      this.#failure,
      transport.element,
      h(
        "div",
        { class: "layout" },
        controls.element,
        h("div", { class: "middle" }, profile.element),
        h("div", { class: "side" }, decision.element, findings.element),
      ),
      h(
        "div",
        { class: "pair" },
        projection.element,
        h("div", { class: "stack" }, numbers.element, history.element),
      ),
      spectrum.element,
      new ExplanationView().element,
      taken.element,
    ];
  }

  /** Draws soon: from the next frame on, but not more often than anyone could see. */
  schedule(): void {
    this.#waiting = TURNS.length;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const wait = Math.max(0, this.#drawn + DRAW_EVERY - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
  }

  #draw(): void {
    this.#isScheduled = false;
    this.#drawn = performance.now();
    const { state } = this.#playground;
    this.#failure.hidden = state.failure === null;
    setText(
      this.#failure,
      state.failure === null ? "" : `Something failed: ${state.failure}. Reload the page to try again.`,
    );
    // What stands there is of the run before.
    const isWaiting = state.run.epochs.length === 0 && state.failure === null;
    document.body.classList.toggle("is-waiting", isWaiting);
    this.#parts.controls.render(state.settings);
    this.#parts.transport.render(state);
    this.#parts.numbers.render(state);
    this.#parts.findings.render(state);
    this.#parts.export.render(state);
    this.#parts.profile.render(state, currentLook());
    if (!this.#isTakingTurns) this.#takeTurns();
  }

  /** Draws figures one after another, as many as a frame has room for, until each has had its turn. */
  #takeTurns(): void {
    this.#isTakingTurns = this.#waiting > 0;
    if (!this.#isTakingTurns) return;
    requestAnimationFrame((begin) => {
      do {
        this.#parts[TURNS[this.#turn]!].render(this.#playground.state, currentLook());
        this.#turn = (this.#turn + 1) % TURNS.length;
        this.#waiting--;
      } while (this.#waiting > 0 && performance.now() - begin < FRAME);
      this.#takeTurns();
    });
  }
}
