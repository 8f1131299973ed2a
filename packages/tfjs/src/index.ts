export {
  createProgress,
  type Progress,
  type ProgressInfo,
  type ProgressOptions,
  type RvsOptions,
  rvs,
  type SaveRecord,
  type Writer,
} from "@delve/stats";
export type { CallbackOptions } from "./callback.js";
export type { Nodes } from "./graph-model/find-graph-nodes.js";
export type { GraphModel } from "./graph-model/graph-model.js";
export { type GraphNode, graphNodes } from "./graph-model/graph-nodes.js";
export type { LayerKind } from "./layer-kinds.js";
export type { IncludeLayers, Modules } from "./layers.js";
export type { Activations } from "./observe.js";
export type { SaturationTrackerOptions } from "./options.js";
export {
  type ChangeCenteringOptions,
  type ChangePcaOptions,
  changeAllPcaLayerCentering,
  changeAllPcaLayerThresholds,
  changeAllPcaLayerThresholdsAndInjectRandomDirections,
  type PcaDimensions,
  refreshPcaLayers,
} from "./pca/change-layers.js";
export {
  type PcaLayerClass,
  type PcaLayerClasses,
  type PcaLayersOptions,
  pcaLayers,
} from "./pca/pca-layers.js";
export type {
  Conv2DPcaLayer,
  Conv2DPcaLayerArgs,
  LinearPcaLayerArgs,
  PcaLayer,
  PcaLayerArgs,
  PcaTensorFlow,
} from "./pca/pca-types.js";
export { SaturationTracker, SaturationTracker as CheckLayerSat } from "./tracker.js";
export type {
  CallbackClass,
  CallbackHandlers,
  Layer,
  Logs,
  Model,
  SymbolicTensor,
  Tensor,
  TensorFlow,
  YieldEvery,
} from "./types.js";
