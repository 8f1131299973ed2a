import { show, unknownName } from "../names.js";
import type { TrackerSettings } from "../options.js";
import { CsvWriter } from "./csv-writer.js";
import { JsonlWriter } from "./jsonl-writer.js";
import { NpyWriter, type NpyWriterOptions } from "./npy-writer.js";
import type { PlotWriterOptions } from "./plot-writer.js";
import { PrintWriter, type PrintWriterOptions } from "./print-writer.js";
import { TensorBoardWriter } from "./tensorboard-writer.js";
import type { Writer } from "./writer.js";
import { WriterSet } from "./writer-set.js";

type WriterArgs = Readonly<Record<string, unknown>>;

/**
 * The writers themselves. Plots bring scales, a rasteriser and fonts with them, so they are loaded only when asked for, and by
 * the entry's public name: a bundler that cannot split its output can leave `@delve/stats/plot` out.
 */
const FACTORIES = {
  csv: () => new CsvWriter(),
  npy: (args: WriterArgs) => new NpyWriter(args),
  print: (args: WriterArgs) => new PrintWriter(args),
  tensorboard: () => new TensorBoardWriter(),
  jsonl: () => new JsonlWriter(),
  plot: async (args: WriterArgs): Promise<Writer> => {
    const { PlotWriter } = await import("@delve/stats/plot");
    return new PlotWriter(args);
  },
} satisfies Record<string, (args: WriterArgs) => Writer | Promise<Writer>>;

type WriterKind = keyof typeof FACTORIES;

// A record, so that the compiler misses none.
const ARGUMENTS: Record<keyof (NpyWriterOptions & PrintWriterOptions & PlotWriterOptions), true> = {
  zip: true,
  print: true,
  printAs: true,
  formats: true,
  plotEvery: true,
  history: true,
  primaryMetric: true,
  scale: true,
  decorate: true,
  theme: true,
  figsize: true,
  fontsize: true,
  figures: true,
};

/** Delve's keys: its plotting writer writes the CSV that it plots, under each of its names. */
const KEYS: ReadonlyMap<string, readonly WriterKind[]> = new Map<string, readonly WriterKind[]>([
  ["csv", ["csv"]],
  ["npy", ["npy"]],
  ["print", ["print"]],
  ["tensorboard", ["tensorboard"]],
  ["tb", ["tensorboard"]],
  ["plot", ["csv", "plot"]],
  ["csvplot", ["csv", "plot"]],
  ["plotcsv", ["csv", "plot"]],
  ["csvplotting", ["csv", "plot"]],
  ["jsonl", ["jsonl"]],
]);

/** Keys that `saveTo` knows. */
export const WRITER_KEYS: readonly string[] = [...KEYS.keys()];

/**
 * `saveTo` as a list.
 *
 * @throws {RangeError} If a key is unknown, or needs a `savePath` and there is none.
 */
export function checkSaveTo(
  saveTo: string | Writer | readonly (string | Writer)[],
  savePath: string,
): readonly (string | Writer)[] {
  const list = (Array.isArray(saveTo) ? saveTo : [saveTo]) as readonly (string | Writer)[];
  for (const item of list) {
    if (typeof item === "string") {
      if (!KEYS.has(item)) throw unknownName("saveTo", item, WRITER_KEYS);
      if (item !== "print" && savePath === "") {
        throw new RangeError(`savePath: must be given, because saveTo has "${item}", got none`);
      }
    } else if (typeof item?.write !== "function") {
      throw new TypeError(`saveTo: must hold keys or writers, got ${show(item)}`);
    }
  }
  return list;
}

/**
 * `writerArgs`, with names that some writer knows; whether it is among those of the run does not matter.
 *
 * @throws {RangeError} If none knows a name.
 */
export function checkWriterArgs(args: WriterArgs): WriterArgs {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    throw new TypeError(`writerArgs: must be an object of options, got ${show(args)}`);
  }
  const names = Object.keys(ARGUMENTS);
  const unknown = Object.keys(args).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownName("writerArgs: option", unknown, names);
  return args;
}

/** Makes the writers of a run, each kind once, and opens them. */
export async function openWriters(settings: TrackerSettings): Promise<WriterSet> {
  const { saveTo, savePath, storage, initialEpoch, satThreshold, logger, writerArgs } = settings;
  const kinds = new Set(saveTo.flatMap((item) => (typeof item === "string" ? KEYS.get(item)! : [])));
  const writers: Writer[] = [];
  for (const kind of kinds) writers.push(await FACTORIES[kind](writerArgs));
  writers.push(...saveTo.filter((item) => typeof item !== "string"));
  return WriterSet.open(writers, {
    name: savePath.slice(savePath.lastIndexOf("/") + 1),
    savePath,
    storage,
    initialEpoch,
    threshold: satThreshold,
    log: logger,
  });
}
