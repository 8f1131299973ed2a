import type { LayerProfile, Theme } from "@delve/stats/plot";
import { percent } from "../state/findings.js";
import type { CurveReport } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";

/** Accuracy over the number of axes that a layer is left, principal against random ones. */
export function projectionCurve(
  { layer, features, axes, principal, random }: CurveReport,
  theme: Theme,
  room: Room,
  title = "",
): LayerProfile {
  return {
    title,
    valueLabel: "held-out accuracy",
    valueScale: "share",
    layers: axes.map(String),
    caption: `axes of ${layer} that are kept, of ${features}`,
    figsize: figsizeOf(room),
    theme,
    series: [
      { name: "principal axes", values: principal },
      { name: "random axes", values: random },
    ],
  };
}

/** The same in words. */
export function curveInWords({ layer, axes, principal, random }: CurveReport): string {
  const points = axes.map(
    (count, i) => `${count}: ${percent(principal[i]!, 3)} and ${percent(random[i]!, 3)}`,
  );
  return `Held-out accuracy by number of axes of ${layer} kept, principal and random. ${points.join("; ")}.`;
}
