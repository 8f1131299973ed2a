import { heatMap, layerProfile, spectrumPlot, THEMES } from "@delve/stats/plot";
import type { State } from "../state/state.js";
import { projectionCurve } from "./curve.js";
import { historyOf } from "./history.js";
import { layerProfileOf } from "./profile.js";
import { spectraOf } from "./spectra.js";

/** Figures that can be taken away. */
export const TAKEN_FIGURES = ["profile", "history", "spectra", "projection"] as const;
export type TakenFigure = (typeof TAKEN_FIGURES)[number];

/** Size of figures that are taken away, in pixels. */
const ROOM = { width: 860, height: 480 };
const theme = THEMES.light;

/**
 * A figure of the run as an SVG document, on white whatever the page looks like; what has one kind of samples shows the
 * held-out ones. `null` where there is nothing to draw yet.
 */
export function takenFigure(figure: TakenFigure, { settings, run }: State): string | null {
  const { problem, threshold, statistic } = settings;
  const { epochs, curve } = run;
  const last = epochs.at(-1);
  if (last === undefined) return null;
  const common = { threshold, statistic, phase: "eval", theme, room: ROOM } as const;
  switch (figure) {
    case "profile":
      return layerProfile(
        layerProfileOf({ ...common, epochs, title: `${problem} · ${statistic} · epoch ${last.epoch}` }),
      );
    case "history":
      return heatMap(historyOf(epochs, { ...common, title: `${problem} · ${statistic} · held out` }));
    case "spectra":
      return spectrumPlot(
        spectraOf(last, { ...common, title: `${problem} · spectra · held out · epoch ${last.epoch}` }),
      );
    case "projection":
      if (curve === null) return null;
      return layerProfile(
        projectionCurve(curve, theme, ROOM, `${problem} · projection · epoch ${curve.epoch}`),
      );
  }
}
