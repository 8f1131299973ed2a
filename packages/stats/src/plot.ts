export { embeddingScatter } from "./plot/embedding-scatter.js";
export type { FigureStyle } from "./plot/figure-style.js";
export { heatMap } from "./plot/heat-map.js";
export type { HeatMap } from "./plot/heat-map-spec.js";
export { layerProfile } from "./plot/layer-profile.js";
export type { LayerProfile, ProfileSeries } from "./plot/profile-spec.js";
export {
  type RunHeatMap,
  type RunHeatMapOptions,
  runHeatMaps,
} from "./plot/run-history.js";
export { type SaveScatter, type SaveSpectra, saveScatters, saveSpectra } from "./plot/save-matrices.js";
export {
  type ComparedProfile,
  compareProfiles,
  type SaveProfile,
  type SaveProfileOptions,
  saveProfiles,
} from "./plot/save-profiles.js";
export type { EmbeddingScatter, LayerEmbedding } from "./plot/scatter-spec.js";
export { spectrumPlot } from "./plot/spectrum-plot.js";
export type { LayerSpectrum, SpectrumPlot } from "./plot/spectrum-spec.js";
export { THEMES, type Theme, type ThemeName } from "./plot/theme.js";
export type { ValueScale } from "./plot/value-axis.js";
export { heatMapVegaLite } from "./plot/vega/heat-map-vega-lite.js";
export { layerProfileVegaLite } from "./plot/vega/profile-vega-lite.js";
export { embeddingScatterVegaLite } from "./plot/vega/scatter-vega-lite.js";
export { spectrumPlotVegaLite } from "./plot/vega/spectrum-vega-lite.js";
export type { Json, VegaLiteSpec } from "./plot/vega/vega-lite.js";
export {
  type PlotResultsOptions,
  type PlottedResults,
  plotStatLevelFromResults,
} from "./tools/plot-results.js";
export { type PlotStatOptions, plotStat } from "./tools/plot-stat.js";
export { type PlotFormat, type PlotKind, PlotWriter, type PlotWriterOptions } from "./writers/plot-writer.js";
