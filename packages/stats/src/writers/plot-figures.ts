import type { FigureStyle } from "../plot/figure-style.js";
import type { RunHistory } from "../plot/run-history.js";
import { saveScatters, saveSpectra } from "../plot/save-matrices.js";
import { compareProfiles, saveProfiles } from "../plot/save-profiles.js";
import type { SaveRecord } from "../records.js";
import { escapeFileName } from "./file-names.js";
import type { PlotKind, PlotWriterOptions } from "./plot-options.js";
import type { PlotJob } from "./plot-queue.js";
import type { Run } from "./writer.js";

/** Statistics that are matrices and have figures. */
const MATRIX_STATS: Partial<Record<PlotKind, string>> = { spectrum: "spectrum", scatter: "embed" };

/** The figures of one save and where their files go. */
export function jobsOfSave(
  save: SaveRecord,
  kinds: readonly PlotKind[],
  run: Run,
  options: PlotWriterOptions & { readonly earlier: readonly SaveRecord[] },
): PlotJob[] {
  const { primaryMetric, earlier, decorate } = options;
  const style = styleOf(options);
  const about = { run: run.name, threshold: run.threshold };
  const jobs: Record<PlotKind, () => PlotJob[]> = {
    profile: () =>
      saveProfiles(save, { ...about, earlier, primaryMetric }).map(({ profile: plain, ...subject }) => {
        const styled = { ...plain, ...style };
        const profile = decorate === undefined ? styled : decorate(styled, subject);
        return { path: pathOf(run, subject.stat, subject.phase, save.epoch), profile };
      }),
    compare: () =>
      compareProfiles(save, { ...about, earlier, primaryMetric }).map(({ stat, profile }) => {
        return { path: pathOf(run, stat, "train-eval", save.epoch), profile: { ...profile, ...style } };
      }),
    spectrum: () =>
      saveSpectra(save, about).map(({ stat, phase, spectrum }) => {
        return { path: pathOf(run, stat, phase, save.epoch), spectrum: { ...spectrum, ...style } };
      }),
    scatter: () =>
      saveScatters(save, about).map(({ stat, phase, scatter }) => {
        return { path: pathOf(run, stat, phase, save.epoch), scatter: { ...scatter, ...style } };
      }),
    // Of all saves together.
    heatmap: () => [],
  };
  return kinds.flatMap((kind) => jobs[kind]());
}

/** The heat maps of all saves so far, named after the first. */
export function jobsOfRun(
  history: RunHistory,
  first: number,
  run: Run,
  options: PlotWriterOptions,
): PlotJob[] {
  const maps = history.heatMaps({ run: run.name, threshold: run.threshold });
  return maps.map(({ stat, phase, heatMap }) => {
    const path = pathOf(run, stat, `${phase}_heatmap_from`, first);
    return { path, heatMap: { ...heatMap, ...styleOf(options) } };
  });
}

function styleOf({ theme, figsize, fontsize }: PlotWriterOptions): FigureStyle {
  return { theme, figsize, fontsize };
}

/** Where the files of a figure go, without their ending. */
function pathOf({ savePath, name }: Run, stat: string, phase: string, epoch: number): string {
  return `${savePath}/${name}_${escapeFileName(stat)}_${phase}_epoch_${epoch}`;
}

/** The files of earlier runs of this name. */
export async function filesOf({ savePath, name, storage }: Run): Promise<{ path: string; epoch: number }[]> {
  const start = `${savePath}/${name}_`;
  const ours = /^[^/]+_(?:train|eval|train-eval)(?:_heatmap_from)?_epoch_(\d+)\.(?:svg|png)$/;
  const paths = await storage.list(start);
  return paths.flatMap((path) => {
    const epoch = ours.exec(path.slice(start.length))?.[1];
    return epoch === undefined ? [] : [{ path, epoch: Number(epoch) }];
  });
}

/** The save without the matrices that no figure of these kinds shows. */
export function withoutOtherMatrices(save: SaveRecord, kinds: readonly PlotKind[]): SaveRecord {
  const shown = kinds.map((kind) => MATRIX_STATS[kind]);
  const records = save.records.filter(
    (record) =>
      record.kind === "scalar" ||
      record.value === null ||
      typeof record.value === "number" ||
      shown.includes(record.stat),
  );
  return { ...save, records };
}

/** The statistics that these kinds of figures show, and the save does not have. */
export function missingStats({ records }: SaveRecord, kinds: readonly PlotKind[]): string[] {
  const there = new Set(records.map((record) => (record.kind === "stat" ? record.stat : "")));
  return kinds.flatMap((kind) => MATRIX_STATS[kind] ?? []).filter((stat) => !there.has(stat));
}
