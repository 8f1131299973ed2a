import type { LayerProfile, ProfileSeries, Theme } from "@delve/stats/plot";
import { figuresOf, type LayerFigures, landmarks, layerFigures } from "../state/figures.js";
import { percent } from "../state/findings.js";
import type { EpochReport } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";

/** What the profile is drawn from. */
export interface ProfileInput {
  /** Not empty. */
  readonly epochs: readonly EpochReport[];
  readonly threshold: number;
  readonly theme: Theme;
  readonly room: Room;
  readonly title: string;
}

/** Pixels. */
const NARROW = 480;

/** Saturation of every layer: on the training data, on the held-out ones, and on these in a few earlier epochs. */
export function saturationProfile({ epochs, threshold, theme, room, title }: ProfileInput): LayerProfile {
  const now = epochs.at(-1)!;
  const layers = layerFigures(now, threshold);
  const isNarrow = room.width < NARROW;
  const earlier = landmarks(now.epoch).flatMap((mark) => epochs.find(({ epoch }) => epoch === mark) ?? []);
  return {
    title,
    valueLabel: `saturation at ${percent(threshold)} of the variance`,
    valueScale: "share",
    // A narrow page has no room for more than the names.
    layers: layers.map(({ layer, features }) => (isNarrow ? layer : `${layer} (${features})`)),
    caption: isNarrow
      ? "layers in order of the forward pass"
      : "layers in order of the forward pass (their number of features)",
    figsize: figsizeOf(room),
    theme,
    series: [
      seriesOf("training", now.epoch, layers, "train"),
      ...earlier.map((report) => earlierSeries(report, threshold)),
      seriesOf("held out", now.epoch, layers, "eval"),
    ],
  };
}

function seriesOf(
  name: string,
  epoch: number,
  layers: readonly LayerFigures[],
  phase: "train" | "eval",
): ProfileSeries {
  return {
    name,
    epoch,
    values: layers.map((figures) => figures[phase].saturation),
    undersampled: layers.map((figures) => figures[phase].undersampled),
    samples: layers.map((figures) => figures[phase].samples),
  };
}

function earlierSeries({ epoch, spectra }: EpochReport, threshold: number): ProfileSeries {
  const held = spectra.filter(({ phase }) => phase === "eval");
  return {
    name: "held out",
    epoch,
    values: held.map((spectrum) => figuresOf(spectrum, threshold).saturation),
  };
}

/** The same in words, for whoever cannot see it. */
export function profileInWords({ epochs, threshold }: Pick<ProfileInput, "epochs" | "threshold">): string {
  const now = epochs.at(-1)!;
  const values = layerFigures(now, threshold).map(
    ({ layer, eval: { saturation } }) => `${layer} ${percent(saturation, 2)}`,
  );
  return `Saturation on held-out samples after epoch ${now.epoch}: ${values.join(", ")}.`;
}
