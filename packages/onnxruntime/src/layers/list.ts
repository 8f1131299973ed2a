import { type Bytes, readModel } from "../model/read-model.js";
import type { Candidate, LayerOptions } from "../model/types.js";
import { findCandidates } from "./find-candidates.js";

/**
 * Every node of a model that is a layer or might be taken for one, each with its name, and the reason why it is
 * taken or left. Nothing is run.
 *
 * @throws {ModelFormatError} If the bytes are no ONNX model, or a damaged one.
 * @throws {RangeError} If `tensors` names a value that the model does not have or that cannot be recorded.
 * @example
 * // x · fc.weight, and then the product of the result with itself
 * const text =
 *   "CAg6TgoZCgF4CglmYy53ZWlnaHQSAXkiBk1hdE11bAoZCgF5CgF5EgF6GgZzY29yZXMiBk1hdE11bCoRCAQIAxABQglmYy53ZWlnaHRi" +
 *   "AwoBekICEBE=";
 * const model = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
 * const [first, second] = list(model);
 * [first.layer, first.taken, first.features]; // ["fc", true, 3]
 * [second.layer, second.reason]; // ["scores", "it has no constant weight: both operands are computed"]
 */
export function list(model: Bytes, options: LayerOptions = {}): Candidate[] {
  return findCandidates(readModel(model), options);
}
