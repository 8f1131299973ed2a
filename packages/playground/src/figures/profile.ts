import type { Phase } from "@delve/stats";
import type { LayerProfile, ProfileSeries, Theme } from "@delve/stats/plot";
import { figuresOf, type LayerFigures, landmarks, layerFigures } from "../state/figures.js";
import type { StatisticName } from "../state/settings.js";
import type { EpochReport } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";
import { shownStatistic } from "./statistic.js";

/** What the profile is drawn from. */
export interface ProfileInput {
  /** Not empty. */
  readonly epochs: readonly EpochReport[];
  readonly threshold: number;
  readonly statistic: StatisticName;
  readonly theme: Theme;
  readonly room: Room;
  readonly title: string;
}

/** Pixels. */
const NARROW = 480;

/** One statistic of every layer: on the training data, on the held-out ones, and on these in a few earlier epochs. */
export function layerProfileOf({
  epochs,
  threshold,
  statistic,
  theme,
  room,
  title,
}: ProfileInput): LayerProfile {
  const now = epochs.at(-1)!;
  const { label, scale } = shownStatistic(statistic);
  const layers = layerFigures(now, threshold);
  const isNarrow = room.width < NARROW;
  const earlier = landmarks(now.epoch).flatMap((mark) => epochs.find(({ epoch }) => epoch === mark) ?? []);
  return {
    title,
    valueLabel: label(threshold),
    valueScale: scale,
    // A narrow page has no room for more than the names.
    layers: layers.map(({ layer, features }) => (isNarrow ? layer : `${layer} (${features})`)),
    caption: isNarrow
      ? "layers in order of the forward pass"
      : "layers in order of the forward pass (their number of features)",
    figsize: figsizeOf(room),
    theme,
    series: [
      seriesOf("training", now.epoch, layers, "train", statistic),
      ...earlier.map((report) => earlierSeries(report, threshold, statistic)),
      seriesOf("held out", now.epoch, layers, "eval", statistic),
    ],
  };
}

function seriesOf(
  name: string,
  epoch: number,
  layers: readonly LayerFigures[],
  phase: Phase,
  statistic: StatisticName,
): ProfileSeries {
  return {
    name,
    epoch,
    values: layers.map((figures) => figures[phase][statistic]),
    undersampled: layers.map((figures) => figures[phase].undersampled),
    samples: layers.map((figures) => figures[phase].samples),
  };
}

function earlierSeries(
  { epoch, spectra }: EpochReport,
  threshold: number,
  statistic: StatisticName,
): ProfileSeries {
  const held = spectra.filter(({ phase }) => phase === "eval");
  return {
    name: "held out",
    epoch,
    values: held.map((spectrum) => figuresOf(spectrum, threshold)[statistic]),
  };
}

/** The same in words, for whoever cannot see it. */
export function profileInWords({
  epochs,
  threshold,
  statistic,
}: Pick<ProfileInput, "epochs" | "threshold" | "statistic">): string {
  const now = epochs.at(-1)!;
  const { title, say } = shownStatistic(statistic);
  const values = layerFigures(now, threshold).map(
    ({ layer, eval: held }) => `${layer} ${say(held[statistic])}`,
  );
  return `${title} on held-out samples after epoch ${now.epoch}: ${values.join(", ")}.`;
}
