import { show, unknownName } from "../names.js";
import { type FigureStyle, resolveStyle } from "../plot/figure-style.js";
import type { LayerProfile } from "../plot/profile-spec.js";
import { isScalarStat, type SaveProfile, saveProfiles } from "../plot/save-profiles.js";
import type { SaveRecord } from "../records.js";
import { escapeFileName } from "./file-names.js";
import { type PlotFormat, PlotQueue } from "./plot-queue.js";
import type { Run, Writer } from "./writer.js";

export type { PlotFormat } from "./plot-queue.js";

const FORMATS: readonly PlotFormat[] = ["svg", "png"];

/** Options of the plot writer, by way of `writerArgs`. */
export interface PlotWriterOptions extends FigureStyle {
  /** `["svg", "png"]` by default. */
  readonly formats?: readonly PlotFormat[] | undefined;
  /** Draw each save whose number is a multiple of this, and the last; 1 by default. */
  readonly plotEvery?: number | undefined;
  /** How many of the saves before are drawn faded behind each; 0 by default. */
  readonly history?: number | undefined;
  /** Name of a scalar that every subtitle shows. */
  readonly primaryMetric?: string | undefined;
  /** Pixels of a PNG for each of the 96 an inch has; 2 by default. */
  readonly scale?: number | undefined;
  /** May change a figure before it is drawn. */
  readonly decorate?:
    | ((profile: LayerProfile, about: Omit<SaveProfile, "profile">) => LayerProfile)
    | undefined;
}

/**
 * A figure for each statistic and phase of a save: `runs/mlp/mlp_lsat_train_epoch_3.svg` and `.png`. Statistics that
 * are matrices have none.
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
  #run: Run | null = null;
  #queue: PlotQueue | null = null;
  /** The last save, without its matrices. */
  #last: SaveRecord | null = null;
  #isLastDrawn = true;
  /** Saves before the last one, the oldest first. */
  #earlier: readonly SaveRecord[] = [];

  constructor(options: PlotWriterOptions = {}) {
    checkOptions(options);
    const { plotEvery = 1, history = 0 } = options;
    this.#options = options;
    this.#plotEvery = plotEvery;
    this.#history = history;
  }

  open(run: Run): void {
    this.#run = run;
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#run === null) throw new Error("PlotWriter.write: open must be called before");
    this.#queue ??= await this.#begin(this.#run);
    if (this.#history > 0 && this.#last !== null) {
      this.#earlier = [...this.#earlier, this.#last].slice(-this.#history);
    }
    this.#last = withoutMatrices(save);
    this.#isLastDrawn = false;
    if (save.epoch % this.#plotEvery === 0) await this.#handOver(this.#run, this.#queue);
  }

  /** Waits for the figures so far. */
  async flush(): Promise<void> {
    await this.#queue?.finish();
  }

  async close(): Promise<void> {
    if (this.#run === null || this.#queue === null) return;
    try {
      if (!this.#isLastDrawn) await this.#handOver(this.#run, this.#queue);
      await this.#queue.finish();
    } finally {
      this.#queue.close();
    }
  }

  async #begin(run: Run): Promise<PlotQueue> {
    for (const { path, epoch } of await figuresOf(run)) {
      if (epoch >= run.initialEpoch) await run.storage.remove(path);
    }
    const { formats = FORMATS, scale } = this.#options;
    return new PlotQueue(run, { formats, scale });
  }

  async #handOver(run: Run, queue: PlotQueue): Promise<void> {
    const { primaryMetric, theme, figsize, fontsize, decorate } = this.#options;
    const { name, threshold } = run;
    const profiles = saveProfiles(this.#last!, {
      run: name,
      threshold,
      earlier: this.#earlier,
      primaryMetric,
    });
    this.#isLastDrawn = true;
    for (const { profile: plain, ...about } of profiles) {
      const styled = { ...plain, theme, figsize, fontsize };
      const profile = decorate === undefined ? styled : decorate(styled, about);
      await queue.add({ path: pathOf(run, about), profile });
    }
  }
}

/** Where the files of a figure go, without their ending. */
function pathOf({ savePath, name }: Run, { stat, phase, epoch }: Omit<SaveProfile, "profile">): string {
  return `${savePath}/${name}_${escapeFileName(stat)}_${phase}_epoch_${epoch}`;
}

/** The files of earlier runs of this name. */
async function figuresOf({ savePath, name, storage }: Run): Promise<{ path: string; epoch: number }[]> {
  const start = `${savePath}/${name}_`;
  const paths = await storage.list(start);
  return paths.flatMap((path) => {
    const epoch = /^[^/]+_(?:train|eval)_epoch_(\d+)\.(?:svg|png)$/.exec(path.slice(start.length))?.[1];
    return epoch === undefined ? [] : { path, epoch: Number(epoch) };
  });
}

function checkOptions(options: PlotWriterOptions): void {
  const { formats = FORMATS, plotEvery = 1, history = 0, scale = 2, decorate, primaryMetric } = options;
  resolveStyle("writerArgs", options);
  if (!Array.isArray(formats) || formats.length === 0) {
    throw new TypeError(`writerArgs.formats: must be a list such as ["svg", "png"], got ${show(formats)}`);
  }
  for (const format of formats) {
    if (!FORMATS.includes(format)) throw unknownName("writerArgs.formats", format, FORMATS);
  }
  if (!Number.isSafeInteger(plotEvery) || plotEvery < 1) {
    throw new RangeError(
      `writerArgs.plotEvery: must be a whole number of at least 1, got ${show(plotEvery)}`,
    );
  }
  if (!Number.isSafeInteger(history) || history < 0) {
    throw new RangeError(`writerArgs.history: must be a whole number of at least 0, got ${show(history)}`);
  }
  if (!(scale > 0 && scale <= 16)) {
    throw new RangeError(`writerArgs.scale: must lie in (0, 16], got ${show(scale)}`);
  }
  if (decorate !== undefined && typeof decorate !== "function") {
    throw new TypeError(`writerArgs.decorate: must be a function, got ${show(decorate)}`);
  }
  if (primaryMetric !== undefined && typeof primaryMetric !== "string") {
    throw new TypeError(`writerArgs.primaryMetric: must be a scalar's name, got ${show(primaryMetric)}`);
  }
}

function withoutMatrices(save: SaveRecord): SaveRecord {
  return {
    ...save,
    records: save.records.filter((record) => record.kind === "scalar" || isScalarStat(record)),
  };
}
