import { platform } from "#platform";
import { fetchModel } from "./fetch-model.js";
import type { ModelFiles } from "./platform.js";

/** A model: its bytes, or where to read them, a path (in Node, Deno and Bun) or a URL. */
export type ModelSource = Uint8Array | ArrayBuffer | string | URL;

/**
 * The bytes of a model, and of the external data beside it where it comes from a file.
 *
 * @throws {TypeError} If it is none of the kinds, or cannot be fetched.
 */
export async function modelFiles(model: ModelSource): Promise<ModelFiles> {
  if (model instanceof Uint8Array) return { bytes: model, externalData: [] };
  if (Object.prototype.toString.call(model) === "[object ArrayBuffer]") {
    return { bytes: new Uint8Array(model as ArrayBuffer), externalData: [] };
  }
  const place = model instanceof URL ? model.href : model;
  if (typeof place !== "string") {
    throw new TypeError(
      `track: model must be bytes, a path or a URL, got ${Object.prototype.toString.call(model)}`,
    );
  }
  return /^(https?|blob|data):/.test(place) ? fetchModel(place) : platform.readModelFiles(place);
}
