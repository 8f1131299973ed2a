import { posix, win32 } from "node:path";
import { propertyRuns } from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { ExternalDataError } from "../errors.js";
import { resolveExternalPath } from "./resolve-external-path.js";

const numRuns = propertyRuns(2000);
const piece = fc.oneof(
  fc.constantFrom(
    "..",
    ".",
    "/",
    "\\",
    "C:",
    "%2e%2e",
    "a",
    "weights.bin",
    " ",
    "\0",
    "~",
    "nul",
    "...",
    ":",
    "//",
  ),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
const location = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

test.prop([location], { numRuns })("what is not refused lies below the folder, on any system", (text) => {
  let path: string;
  try {
    path = resolveExternalPath(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ExternalDataError);
    return;
  }
  for (const [system, folder] of [
    [posix, "/models/one"],
    [win32, "C:\\models\\one"],
  ] as const) {
    const resolved = system.resolve(folder, path);
    expect(resolved.startsWith(folder + system.sep)).toBe(true);
    expect(system.isAbsolute(path)).toBe(false);
  }
  expect(new URL(path, "https://models.example/one/").href).toMatch(/^https:\/\/models\.example\/one\/./);
});

test.prop([location], { numRuns })("what it gives, it leaves as it is", (text) => {
  try {
    const path = resolveExternalPath(text);
    expect(resolveExternalPath(path)).toBe(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ExternalDataError);
  }
});
