import { ExternalDataError } from "../errors.js";
import type { OnnxModel } from "../model/types.js";
import { resolveExternalPath } from "./resolve-external-path.js";

/** What of the options of a session concerns external data. */
export interface ExternalDataOptions {
  /** Pieces as ONNX Runtime takes them: an object with its path, or in browsers a path to fetch. */
  readonly externalData?: readonly unknown[];
  /** Settings of the native library. */
  readonly extra?: unknown;
}

/**
 * Makes sure that all external data of a model is at hand, before a runtime would look for it by itself in whatever
 * folder the process happens to be in. Nothing is opened.
 *
 * @throws {ExternalDataError} If the model names a file outside its folder, or one that neither `externalData` holds
 * nor a folder in `extra` is there for.
 */
export function checkExternalData(model: OnnxModel, options: ExternalDataOptions): void {
  const { externalData = [] } = options;
  const provided = externalData.map(pathOf);
  const known = new Set(provided.map(normalised));
  const hasFolder = typeof folderOf(options) === "string";
  for (const location of model.externalLocations) {
    if (known.has(resolveExternalPath(location)) || hasFolder) continue;
    const got = provided.length === 0 ? "none" : provided.map((path) => JSON.stringify(path)).join(", ");
    const text = `externalData: must hold the bytes of ${JSON.stringify(location)}, which the model names, got ${got}`;
    throw new ExternalDataError(text, location);
  }
}

function pathOf(piece: unknown): string {
  const path = typeof piece === "object" && piece !== null ? (piece as { path?: unknown }).path : piece;
  return String(path);
}

const normalised = (path: string): string => path.replace(/\\/g, "/").replace(/^(\.\/)+/, "");

/** The folder that the caller, not the model, names to onnxruntime-node. */
function folderOf({ extra }: ExternalDataOptions): unknown {
  const session = (extra as { session?: Record<string, unknown> } | undefined)?.session;
  return session?.["model_external_initializers_file_folder_path"];
}
