import type { Phase } from "@delve/stats";
import type { HeatMap, Theme } from "@delve/stats/plot";
import { layerFigures } from "../state/figures.js";
import type { StatisticName } from "../state/settings.js";
import type { EpochReport } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";
import { shownStatistic } from "./statistic.js";

/** What the history is drawn from, besides the epochs. */
export interface HistoryInput {
  readonly threshold: number;
  readonly statistic: StatisticName;
  readonly phase: Phase;
  readonly theme: Theme;
  readonly room: Room;
  readonly title: string;
}

/** More columns than this could not be told apart. */
const MOST_COLUMNS = 60;

/** One statistic of every layer over the epochs of a run; of a long one every second, fifth, tenth … epoch. */
export function historyOf(
  all: readonly EpochReport[],
  { threshold, statistic, phase, theme, room, title }: HistoryInput,
): HeatMap {
  const { label, scale } = shownStatistic(statistic);
  const epochs = thinned(all, MOST_COLUMNS);
  const columns = epochs.map((report) => layerFigures(report, threshold));
  return {
    title,
    valueLabel: label(threshold),
    valueScale: scale,
    layers: columns[0]!.map(({ layer }) => layer),
    epochs: epochs.map(({ epoch }) => epoch),
    values: columns[0]!.map((_, i) => columns.map((layers) => layers[i]![phase][statistic])),
    caption: "epoch",
    figsize: figsizeOf(room),
    theme,
  };
}

/**
 * Every n-th item, from the first on, for the least n of 1, 2, 5, 10, 20 … that leaves no more than `most`.
 *
 * @example
 * thinned([0, 1, 2, 3, 4, 5, 6], 4); // [0, 2, 4, 6]
 */
export function thinned<T>(items: readonly T[], most: number): T[] {
  const stride = [1, 2, 5, 10, 20, 50, 100].find((step) => Math.ceil(items.length / step) <= most) ?? 200;
  return items.filter((_, i) => i % stride === 0);
}

/** The same in words: where every layer began, and where it is. */
export function historyInWords(
  epochs: readonly EpochReport[],
  { threshold, statistic, phase }: Pick<HistoryInput, "threshold" | "statistic" | "phase">,
): string {
  const { title, say } = shownStatistic(statistic);
  const [first, last] = [layerFigures(epochs[0]!, threshold), layerFigures(epochs.at(-1)!, threshold)];
  const changes = first.map(
    ({ layer, [phase]: begun }, i) =>
      `${layer} from ${say(begun[statistic])} to ${say(last[i]![phase][statistic])}`,
  );
  return `${title} over ${epochs.length} epochs: ${changes.join(", ")}.`;
}
