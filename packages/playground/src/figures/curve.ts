import type { LayerProfile, Theme } from "@delve/stats/plot";
import type { ProjectionReport } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";

/** Accuracy over the number of axes that a layer is left, principal against random ones. */
export function projectionCurve(
  { layer, features, curve }: ProjectionReport,
  theme: Theme,
  room: Room,
): LayerProfile {
  return {
    title: "",
    valueLabel: "held-out accuracy",
    valueScale: "share",
    layers: curve.axes.map(String),
    caption: `axes of ${layer} that are kept, of ${features}`,
    figsize: figsizeOf(room),
    theme,
    series: [
      { name: "principal axes", values: curve.principal },
      { name: "random axes", values: curve.random },
    ],
  };
}
