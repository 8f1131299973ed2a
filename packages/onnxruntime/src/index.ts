export { ExternalDataError, ModelFormatError, type ModelFormatReason } from "./errors.js";
export {
  type Candidate,
  DataType,
  type ExternalLocation,
  type LayerOptions,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  type TapLayout,
  type TapSource,
} from "./model/types.js";
