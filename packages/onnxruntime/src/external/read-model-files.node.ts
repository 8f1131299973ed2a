import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ExternalDataError, ModelFormatError } from "../errors.js";
import { LARGEST_MODEL, readModel } from "../model/read-model.js";
import type { ExternalData, ModelFiles } from "../platform.js";
import { resolveExternalPath } from "./resolve-external-path.js";

/** The most that one call reads. */
const CHUNK = 2 ** 30;

/**
 * The bytes of a model file and of the files beside it that hold its external data. Only files below the model's
 * folder are opened, whatever the model names; a link that leads out of it counts as outside, except into the folder
 * where the model itself really lies (a cache whose entries are links).
 *
 * @param place - A path, or a URL of the scheme `file:`.
 * @throws {ModelFormatError} If the file is no ONNX model.
 * @throws {ExternalDataError} If the model names a file outside its folder, or one that is not there.
 */
export async function readModelFiles(place: string): Promise<ModelFiles> {
  const path = place.startsWith("file:") ? fileURLToPath(place) : place;
  const bytes = await readWhole(path, LARGEST_MODEL);
  const { externalLocations } = readModel(bytes);
  // All locations are looked at before any file is.
  const files = externalLocations.map((location) => [location, resolveExternalPath(location)] as const);
  const folder = dirname(path);
  const allowed = files.length === 0 ? [] : [await realpath(folder), dirname(await realpath(path))];
  const externalData: ExternalData[] = [];
  for (const [location, file] of files) {
    const found = await fileBelow(join(folder, file), allowed, location);
    externalData.push({ path: location, data: await readWhole(found) });
  }
  return { bytes, externalData };
}

/** The real path of a file, if that lies in one of the folders. */
async function fileBelow(path: string, folders: readonly string[], location: string): Promise<string> {
  const real = await realpath(path).catch((cause: Error) => {
    throw new ExternalDataError(
      `readModelFiles: ${JSON.stringify(location)}, which the model names, must be a file in its folder, got ${cause.message}`,
      location,
    );
  });
  if (folders.some((folder) => isBelow(folder, real))) return real;
  const text = `readModelFiles: ${JSON.stringify(location)}, which the model names, must lie in its folder, got a link that leads out of it`;
  throw new ExternalDataError(text, location);
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function readWhole(path: string, most: number = Number.MAX_SAFE_INTEGER): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new TypeError(`readModelFiles: must be given a file, got "${path}"`);
    if (stat.size > most) {
      const text = `readModelFiles: a model must have less than 2 GB (more goes to external data), got ${stat.size} bytes`;
      throw new ModelFormatError(text, "limit");
    }
    return await readBytes(handle, stat.size);
  } finally {
    await handle.close();
  }
}

/** `readFile` refuses 2 GB and more. */
async function readBytes(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, size - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
