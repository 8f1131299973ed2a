import { embeddingScatter } from "./embedding-scatter.js";
import { heatMap } from "./heat-map.js";
import type { HeatMap } from "./heat-map-spec.js";
import { layerProfile } from "./layer-profile.js";
import type { LayerProfile } from "./profile-spec.js";
import type { EmbeddingScatter } from "./scatter-spec.js";
import { spectrumPlot } from "./spectrum-plot.js";
import type { SpectrumPlot } from "./spectrum-spec.js";

/** A figure of any kind. Plain data. */
export type AnyFigure =
  | { readonly profile: LayerProfile }
  | { readonly heatMap: HeatMap }
  | { readonly spectrum: SpectrumPlot }
  | { readonly scatter: EmbeddingScatter };

/**
 * The figure as an SVG document.
 *
 * @throws {ShapeError | RangeError} If it cannot be drawn.
 */
export function drawAnyFigure(figure: AnyFigure): string {
  if ("profile" in figure) return layerProfile(figure.profile);
  if ("heatMap" in figure) return heatMap(figure.heatMap);
  return "spectrum" in figure ? spectrumPlot(figure.spectrum) : embeddingScatter(figure.scatter);
}
