import type { AnyFigure } from "../plot/any-figure.js";
import type { DrawnFigure } from "../png/draw-figure.js";
import { Painter } from "../png/painter.js";
import type { Run } from "./writer.js";

/** Kinds of files that plots can be written as. */
export type PlotFormat = "svg" | "png";

/** A figure and the path of its files, without the ending. */
export type PlotJob = AnyFigure & { readonly path: string };

/** Options of {@link PlotQueue}. */
export interface PlotQueueOptions {
  readonly formats: readonly PlotFormat[];
  readonly scale?: number | undefined;
  /** Who draws. */
  readonly painter?: Painter | undefined;
  /** How many figures may wait before whoever adds more has to. 10 000 by default: tens of megabytes. */
  readonly room?: number | undefined;
}

/**
 * Draws figures in the order in which they are added and writes their files, while whoever added them goes on. The
 * next figure is drawn while the files of one are written: no more than two are in memory as pixels.
 */
export class PlotQueue {
  readonly #run: Run;
  readonly #painter: Painter;
  readonly #scale: number | undefined;
  readonly #room: number;
  #formats: readonly PlotFormat[];
  readonly #jobs: PlotJob[] = [];
  #work: Promise<void> | null = null;
  #wasFull = false;
  #oneDone: (() => void)[] = [];
  #failures: { readonly count: number; readonly first: unknown } | null = null;

  constructor(run: Run, { formats, scale, painter, room = 10_000 }: PlotQueueOptions) {
    this.#run = run;
    this.#painter = painter ?? new Painter(run.log);
    this.#formats = formats;
    this.#scale = scale;
    this.#room = room;
  }

  /** How many figures are waiting or being drawn. */
  get length(): number {
    return this.#jobs.length;
  }

  /** @returns At once, unless drawing has fallen far behind. */
  async add(job: PlotJob): Promise<void> {
    this.#jobs.push(job);
    this.#work ??= this.#drawAll();
    while (this.#jobs.length > this.#room) {
      if (!this.#wasFull) {
        const message = `plots: ${this.#room} figures are waiting to be drawn; saves wait for them from now on (plotEvery asks for fewer)`;
        this.#run.log("warn", message, { waiting: this.#room });
      }
      this.#wasFull = true;
      await new Promise<void>((resolve) => this.#oneDone.push(resolve));
    }
  }

  /**
   * Waits until all is drawn and written.
   *
   * @throws {Error} If some figures are missing, once.
   */
  async finish(): Promise<void> {
    const progress = this.#reportProgress();
    try {
      await this.#work;
    } finally {
      progress.stop();
    }
    const failures = this.#failures;
    this.#failures = null;
    if (failures === null) return;
    const { count, first } = failures;
    const message = `${count} ${count === 1 ? "plot is" : "plots are"} missing, the first because ${reasonOf(first)}`;
    throw new Error(message, { cause: first });
  }

  /** Ends the thread that draws. */
  close(): void {
    this.#painter.close();
  }

  async #drawAll(): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    do {
      // A figure leaves the line when it has been drawn: until then it counts as waiting.
      for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
        const files = await this.#draw(job);
        await writing;
        writing = this.#write(files);
        this.#jobs.shift();
        for (const resume of this.#oneDone.splice(0)) resume();
      }
      await writing;
    } while (this.#jobs.length > 0);
    this.#work = null;
  }

  /** The files of a figure; none if it cannot be drawn. */
  async #draw({ path, ...figure }: PlotJob): Promise<File[]> {
    const png = this.#formats.includes("png");
    let drawn: DrawnFigure;
    try {
      drawn = await this.#painter.draw({ ...figure, png, scale: this.#scale });
      if (drawn.png instanceof Error) this.#doWithoutPng(drawn.png);
    } catch (error) {
      this.#fail(`"${path}" cannot be drawn`, error);
      return [];
    }
    const files: File[] = this.#formats.includes("svg") ? [{ path: `${path}.svg`, data: drawn.svg }] : [];
    if (drawn.png instanceof Uint8Array) files.push({ path: `${path}.png`, data: drawn.png });
    return files;
  }

  #doWithoutPng(error: Error): void {
    if (!this.#formats.includes("svg")) throw error;
    this.#formats = ["svg"];
    const message = `plots are written as SVG only, PNG cannot be drawn here: ${reasonOf(error)}`;
    this.#run.log("warn", message, { error });
  }

  async #write(files: readonly File[]): Promise<void> {
    const write = async ({ path, data }: File): Promise<void> => {
      try {
        await this.#run.storage.write(path, data);
      } catch (error) {
        this.#fail(`"${path}" cannot be written`, error);
      }
    };
    await Promise.all(files.map(write));
  }

  /** Says what went wrong first; the rest is counted, for it will be the same. */
  #fail(what: string, error: unknown): void {
    if (this.#failures === null) this.#run.log("error", `plots: ${what}: ${reasonOf(error)}`, { error });
    this.#failures = { count: (this.#failures?.count ?? 0) + 1, first: this.#failures?.first ?? error };
  }

  #reportProgress(): { stop(): void } {
    let timer: ReturnType<typeof setTimeout>;
    const report = (): void => {
      const count = this.#jobs.length;
      if (count > 0) this.#run.log("info", `plots: ${count} figures are still to be drawn`, { count });
      timer = setTimeout(report, REPORT_EVERY);
    };
    timer = setTimeout(report, REPORT_AFTER);
    return { stop: () => clearTimeout(timer) };
  }
}

/** Milliseconds until a wait is worth a word, and between words. */
const REPORT_AFTER = 3_000;
const REPORT_EVERY = 10_000;

interface File {
  readonly path: string;
  readonly data: string | Uint8Array;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
