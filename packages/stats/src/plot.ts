export { layerProfile } from "./plot/layer-profile.js";
export type { FigureStyle, LayerProfile, ProfileSeries } from "./plot/profile-spec.js";
export { type SaveProfile, type SaveProfileOptions, saveProfiles } from "./plot/save-profiles.js";
export { THEMES, type Theme, type ThemeName } from "./plot/theme.js";
export type { ValueScale } from "./plot/value-axis.js";
export {
  type PlotResultsOptions,
  type PlottedResults,
  plotStatLevelFromResults,
} from "./tools/plot-results.js";
export { type PlotStatOptions, plotStat } from "./tools/plot-stat.js";
export { type PlotFormat, PlotWriter, type PlotWriterOptions } from "./writers/plot-writer.js";
