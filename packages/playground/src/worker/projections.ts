import type { SyncBackend } from "@delve/kernel";
import { pause } from "./pause.js";
import { type Curve, Projector, placeOf } from "./projector.js";
import type { Report } from "./protocol.js";
import type { Trainer } from "./trainer.js";

/** Which layer is projected, and onto how many axes. */
export interface Target {
  readonly layer: string;
  readonly axes: number;
}

/**
 * Shows projections of a run, in pieces between which commands are heard. A projection takes as long as several epochs,
 * most of it the curve, which belongs to a layer and its weights: another number of axes goes on with it.
 */
export class Projections {
  readonly #backend: SyncBackend;
  readonly #report: (message: Report) => void;
  #projector: Projector | null = null;
  #curve: Generator<void, Curve> | null = null;
  /** Counts what was asked for: the last one counts. */
  #asked = 0;

  constructor(backend: SyncBackend, report: (message: Report) => void) {
    this.#backend = backend;
    this.#report = report;
  }

  /**
   * Reports the projection and then, unless it is known, the curve. Ends early where another one is asked for, or the
   * projector is let go.
   */
  async show(run: number, trainer: Trainer, target: Target): Promise<void> {
    const asked = ++this.#asked;
    // Who drags a slider asks for many at once.
    await pause(0);
    if (asked !== this.#asked) return;
    this.showAxes(run, trainer, target);
    while (this.#curve !== null) {
      const { done, value } = this.#curve.next();
      if (done) {
        this.#curve = null;
        this.#report({ type: "curve", run, ...value });
      }
      await pause(0);
      if (asked !== this.#asked) return;
    }
  }

  /** Reports the projection at once, without the curve. */
  showAxes(run: number, trainer: Trainer, { layer, axes }: Target): void {
    if (placeOf(trainer.model, layer) < 0) return;
    if (this.#projector?.layer !== layer) {
      this.#release();
      this.#projector = new Projector(trainer, this.#backend, layer);
      this.#curve = this.#projector.curve();
    }
    this.#report({ type: "projection", run, ...this.#projector.at(axes) });
  }

  /** Whatever is under way ends; the next `show` goes on with it. */
  interrupt(): void {
    this.#asked++;
  }

  /** To be called before weights change: whatever is under way ends, and what is known of them is let go. */
  forget(): void {
    this.interrupt();
    this.#release();
  }

  #release(): void {
    this.#projector?.dispose();
    this.#projector = null;
    this.#curve = null;
  }
}
