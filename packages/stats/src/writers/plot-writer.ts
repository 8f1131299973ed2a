import { RunHistory } from "../plot/run-history.js";
import type { SaveRecord } from "../records.js";
import { filesOf, jobsOfRun, jobsOfSave, missingStats, withoutOtherMatrices } from "./plot-figures.js";
import {
  checkPlotOptions,
  DEFAULT_KINDS,
  FORMATS,
  type PlotKind,
  type PlotWriterOptions,
} from "./plot-options.js";
import { PlotQueue } from "./plot-queue.js";
import type { Run, Writer } from "./writer.js";

export type { PlotKind, PlotWriterOptions } from "./plot-options.js";
export type { PlotFormat } from "./plot-queue.js";

/**
 * A figure for each statistic and phase of a save: `runs/mlp/mlp_lsat_train_epoch_3.svg` and `.png`. Which
 * kinds of figures are drawn says `figures`; those of a whole run are named after the first save that they show, as
 * `mlp_lsat_train_heatmap_from_epoch_0.svg`.
 *
 * A save is handed over, not drawn: in Node, Deno and Bun a thread of its own makes the pixels, elsewhere figures are
 * drawn one by one between other work. Every figure that is asked for is drawn, in order; `flush` and `close` wait for
 * them, and throw if some are missing. Where PNG cannot be drawn (no rasteriser at hand), that is logged once, and SVG
 * goes on.
 *
 * A fresh run replaces the figures of an older one at its first save; with `initialEpoch` those from that save on.
 *
 * @throws {RangeError | TypeError} On options that cannot be meant.
 * @example
 * const writer = new PlotWriter({ formats: ["svg"], theme: "dark", history: 3 });
 * writer.name; // "plot"
 */
export class PlotWriter implements Writer {
  readonly name = "plot";
  readonly #options: PlotWriterOptions;
  readonly #plotEvery: number;
  readonly #history: number;
  readonly #kinds: readonly PlotKind[];
  #run: Run | null = null;
  #queue: PlotQueue | null = null;
  /** The last save, without matrices that are not shown. */
  #last: SaveRecord | null = null;
  #isLastDrawn = true;
  /** Saves before the last one, the oldest first. */
  #earlier: readonly SaveRecord[] = [];
  /** All saves of the run, for figures that show them together. */
  readonly #all = new RunHistory();
  #firstEpoch = 0;
  /** How many saves those figures show that were drawn last. */
  #drawnTogether = 0;

  constructor(options: PlotWriterOptions = {}) {
    checkPlotOptions(options);
    const { plotEvery = 1, history = 0, figures = DEFAULT_KINDS } = options;
    this.#kinds = [...new Set(figures)];
    this.#options = options;
    this.#plotEvery = plotEvery;
    this.#history = history;
  }

  open(run: Run): void {
    this.#run = run;
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#run === null) throw new Error("PlotWriter.write: open must be called before");
    this.#queue ??= await this.#begin(this.#run, save);
    if (this.#kinds.includes("heatmap")) this.#all.add(save);
    if (this.#history > 0 && this.#last !== null) {
      this.#earlier = [...this.#earlier, withoutOtherMatrices(this.#last, [])].slice(-this.#history);
    }
    this.#last = withoutOtherMatrices(save, this.#kinds);
    this.#isLastDrawn = false;
    if (save.epoch % this.#plotEvery === 0) await this.#handOver(this.#run, this.#queue);
  }

  /** Draws what shows the run so far, and waits for all figures. */
  async flush(): Promise<void> {
    if (this.#run === null || this.#queue === null) return;
    await this.#handOverTogether(this.#run, this.#queue);
    await this.#queue.finish();
  }

  async close(): Promise<void> {
    if (this.#run === null || this.#queue === null) return;
    try {
      if (!this.#isLastDrawn) await this.#handOver(this.#run, this.#queue);
      await this.#handOverTogether(this.#run, this.#queue);
      await this.#queue.finish();
    } finally {
      this.#queue.close();
    }
  }

  async #begin(run: Run, first: SaveRecord): Promise<PlotQueue> {
    for (const { path, epoch } of await filesOf(run)) {
      if (epoch >= run.initialEpoch) await run.storage.remove(path);
    }
    this.#firstEpoch = first.epoch;
    for (const stat of missingStats(first, this.#kinds)) {
      const message = `writerArgs.figures: stats must hold "${stat}" for its figures, got none; they are left out`;
      run.log("warn", message, { stat });
    }
    const { formats = FORMATS, scale } = this.#options;
    return new PlotQueue(run, { formats, scale });
  }

  async #handOver(run: Run, queue: PlotQueue): Promise<void> {
    const options = { ...this.#options, earlier: this.#earlier };
    this.#isLastDrawn = true;
    for (const job of jobsOfSave(this.#last!, this.#kinds, run, options)) await queue.add(job);
  }

  async #handOverTogether(run: Run, queue: PlotQueue): Promise<void> {
    if (this.#drawnTogether === this.#all.length) return;
    this.#drawnTogether = this.#all.length;
    for (const job of jobsOfRun(this.#all, this.#firstEpoch, run, this.#options)) await queue.add(job);
  }
}
