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
