export { extractLayerStat, type LayerStat, type LayerStatOptions } from "./tools/layer-stat.js";
export { type ReconstructedCsv, reconstructCsv } from "./tools/reconstruct-csv.js";
export type { ReconstructOptions } from "./tools/reconstruct-options.js";
export { parseStatColumn, type StatColumn } from "./tools/stat-column.js";
