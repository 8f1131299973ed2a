export {
  createProgress,
  type Progress,
  type ProgressInfo,
  type ProgressOptions,
  type SaveRecord,
  type Writer,
} from "@delve/stats";
export type { CallbackOptions } from "./callback.js";
export type { LayerKind } from "./layer-kinds.js";
export type { IncludeLayers, Modules } from "./layers.js";
export type { Activations } from "./observe.js";
export type { SaturationTrackerOptions } from "./options.js";
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
} from "./types.js";
