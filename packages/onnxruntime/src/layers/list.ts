import { type Bytes, readModel } from "../model/read-model.js";
import type { Candidate, LayerOptions } from "../model/types.js";
import { findCandidates } from "./find-candidates.js";

/**
 * Every node of a model that is a layer or might be taken for one, each with its name, and the reason why it is
 * taken or left. Nothing is run.
 *
 * @throws {ModelFormatError} If the bytes are no ONNX model, or a damaged one.
 * @throws {RangeError} If `tensors` names a value that the model does not have or that cannot be recorded.
 */
export function list(model: Bytes, options: LayerOptions = {}): Candidate[] {
  return findCandidates(readModel(model), options);
}
