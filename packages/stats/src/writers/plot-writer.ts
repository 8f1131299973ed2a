import { show, unknownName } from "../names.js";
import { layerProfile } from "../plot/layer-profile.js";
import { type FigureStyle, type LayerProfile, resolveStyle } from "../plot/profile-spec.js";
import { isScalarStat, type SaveProfile, saveProfiles } from "../plot/save-profiles.js";
import type { SaveRecord } from "../records.js";
import type { Run, Writer } from "./writer.js";

const FORMATS = ["svg", "png"] as const;

/** Kinds of files that plots can be written as. */
export type PlotFormat = (typeof FORMATS)[number];

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
 * Where PNG cannot be drawn (no rasteriser at hand), that is logged once, and SVG goes on.
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
  #formats: readonly PlotFormat[];
  #run: Run | null = null;
  /** The last save, without its matrices. */
  #last: SaveRecord | null = null;
  #isLastDrawn = true;
  /** Saves before the last one, the oldest first. */
  #earlier: readonly SaveRecord[] = [];

  constructor(options: PlotWriterOptions = {}) {
    checkOptions(options);
    const { formats = FORMATS, plotEvery = 1, history = 0 } = options;
    this.#options = options;
    this.#formats = FORMATS.filter((format) => formats.includes(format));
    this.#plotEvery = plotEvery;
    this.#history = history;
  }

  open(run: Run): void {
    this.#run = run;
  }

  async write(save: SaveRecord): Promise<void> {
    if (this.#history > 0 && this.#last !== null) {
      this.#earlier = [...this.#earlier, this.#last].slice(-this.#history);
    }
    this.#last = withoutMatrices(save);
    this.#isLastDrawn = false;
    if (save.epoch % this.#plotEvery === 0) await this.#draw(this.#last);
  }

  async close(): Promise<void> {
    if (this.#last !== null && !this.#isLastDrawn) await this.#draw(this.#last);
  }

  async #draw(save: SaveRecord): Promise<void> {
    const run = this.#run;
    if (run === null) throw new Error("PlotWriter.write: open must be called before");
    const { primaryMetric } = this.#options;
    const { name, threshold } = run;
    const profiles = saveProfiles(save, { run: name, threshold, earlier: this.#earlier, primaryMetric });
    for (const figure of profiles) await this.#drawOne(run, figure);
    this.#isLastDrawn = true;
  }

  async #drawOne(run: Run, { profile, ...about }: SaveProfile): Promise<void> {
    const { theme, figsize, fontsize, decorate } = this.#options;
    const styled = { ...profile, theme, figsize, fontsize };
    const svg = layerProfile(decorate === undefined ? styled : decorate(styled, about));
    const path = `${run.savePath}/${run.name}_${fileNamePart(about.stat)}_${about.phase}_epoch_${about.epoch}`;
    if (this.#formats.includes("svg")) await run.storage.write(`${path}.svg`, svg);
    if (!this.#formats.includes("png")) return;
    const png = await this.#rasterise(run, svg);
    if (png !== null) await run.storage.write(`${path}.png`, png);
  }

  async #rasterise(run: Run, svg: string): Promise<Uint8Array | null> {
    const { scale } = this.#options;
    try {
      // 2.8 MB that a run without PNG never loads.
      const { renderPng } = await import("../png.js");
      return await renderPng(svg, { scale });
    } catch (error) {
      if (!this.#formats.includes("svg")) throw error;
      this.#formats = ["svg"];
      const reason = error instanceof Error ? error.message : String(error);
      run.log("warn", `plots are written as SVG only, PNG cannot be drawn here: ${reason}`, { error });
      return null;
    }
  }
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

/** Letters, digits, `_`, `.` and `-` as they are; the rest as their code points, so that no two names become one. */
function fileNamePart(text: string): string {
  return text.replace(/[^\w.-]/gu, (character) => `%${character.codePointAt(0)!.toString(16)}`);
}
