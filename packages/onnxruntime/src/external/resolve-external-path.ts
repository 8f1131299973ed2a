import { ExternalDataError } from "../errors.js";

/** Longer paths are in no model, and no file system takes them. */
const LONGEST = 4096;
/** One or more dots, plain or as a URL writes them. */
const DOTS = /^(\.|%2e)+$/i;
/** Names that Windows gives to devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;

/**
 * The file that a model means by a location of external data: a path below the model's own folder, its parts joined
 * by "/". Nothing is opened.
 *
 * A location comes from the model, so it may be anybody's. What could lead elsewhere on any system is refused: parent
 * folders, absolute paths, drives and streams of Windows, device names, control characters, names that a system
 * would shorten.
 *
 * @throws {ExternalDataError} If the location is not plainly a path below the folder.
 * @example
 * resolveExternalPath("./weights/layer.0.bin"); // "weights/layer.0.bin"
 */
export function resolveExternalPath(location: string): string {
  const parts = location.split(/[/\\]/);
  if (location === "" || location.length > LONGEST) throw refused(location, "a name of 1 to 4096 characters");
  if (parts[0] === "") throw refused(location, "a relative path");
  // A model made on POSIX begins with "./" now and then; an empty part is two separators in a row.
  const names = parts.filter((part) => part !== "" && part !== ".");
  for (const name of names) checkName(name, location);
  if (names.length === 0 || /[/\\]$/.test(location)) throw refused(location, "a file");
  return names.join("/");
}

function checkName(name: string, location: string): void {
  if (DOTS.test(name)) throw refused(location, "a path without parent folders");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(name)) throw refused(location, "a path without control characters");
  if (name.includes(":")) throw refused(location, "a path without drives, streams and schemes");
  // Windows drops a dot or a space at the end, a URL a space at the beginning.
  if (/^ |[. ]$/.test(name))
    throw refused(location, "names without a space around them or a dot at their end");
  if (DEVICE.test(name)) throw refused(location, "a path without device names");
}

function refused(location: string, wanted: string): ExternalDataError {
  const shown = JSON.stringify(location.length > 80 ? `${location.slice(0, 77)}...` : location);
  const text = `resolveExternalPath: the location of external data must be ${wanted} in the model's folder, got ${shown}`;
  return new ExternalDataError(text, location);
}
