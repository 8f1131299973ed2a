export { ExternalDataError, ModelFormatError, type ModelFormatReason } from "./errors.js";
export { list } from "./layers/list.js";
export type { Bytes } from "./model/read-model.js";
export {
  type AttributeValue,
  type Candidate,
  DataType,
  type ExternalLocation,
  type LayerOptions,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  type TapLayout,
  type TapSource,
} from "./model/types.js";
export type { ModelSource } from "./model-source.js";
export type { InstrumentOptions, TrackOptions, WrapOptions } from "./options.js";
export { type InstrumentedModel, instrument } from "./session/instrument.js";
export type { LayerTap, MomentsTap, Place, TapPlan, ValuesTap } from "./session/layer-tap.js";
export type { Ort, OrtSession, OrtTensor, SessionOptions } from "./session/ort-types.js";
export type { Where } from "./session/placement.js";
export { type TrackedSession, track, wrap } from "./track.js";
export type { LayerPlace, SaturationTracker } from "./tracker.js";
export { type PipelineOptions, type TrackedPipeline, trackPipeline } from "./transformers/track-pipeline.js";
