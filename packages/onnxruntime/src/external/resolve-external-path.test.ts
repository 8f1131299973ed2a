import { describe, expect, test } from "vitest";
import { ExternalDataError } from "../errors.js";
import { resolveExternalPath } from "./resolve-external-path.js";

test.each([
  ["weights.bin", "weights.bin"],
  ["./weights.bin", "weights.bin"],
  ["a/b/c.data", "a/b/c.data"],
  ["a//b.data", "a/b.data"],
  ["a\\b.data", "a/b.data"],
  ["model.onnx_data", "model.onnx_data"],
  ["..data", "..data"],
  [".hidden", ".hidden"],
  ["a..b/c", "a..b/c"],
  ["gewichte-größe.bin", "gewichte-größe.bin"],
  ["~/x", "~/x"],
  ["console.bin", "console.bin"],
])("%j is the file %j", (location, path) => {
  expect(resolveExternalPath(location)).toBe(path);
});

describe("refused", () => {
  test.each([
    "",
    ".",
    "./",
    "folder/",
    "/etc/passwd",
    "\\\\server\\share\\x",
    "//server/share",
    "../secret",
    "a/../../secret",
    "a/../b",
    "a\\..\\..\\secret",
    "..",
    "...",
    "%2e%2e/secret",
    "%2E./secret",
    "C:\\Windows\\x",
    "C:x",
    "file:///etc/passwd",
    "https://example.org/x",
    "weights.bin::$DATA",
    "weights\0.bin",
    "weights.bin\n",
    ".. /secret",
    "a./b",
    "weights.bin ",
    " %2e%2e/secret",
    "NUL",
    "a/com1.txt",
    "x".repeat(5000),
  ])("%j", (location) => {
    expect(() => resolveExternalPath(location)).toThrow(ExternalDataError);
  });
});

test("the error says what must hold, and shows a long name cut", () => {
  expect(() => resolveExternalPath("../secret")).toThrow(
    'resolveExternalPath: the location of external data must be a path without parent folders in the model\'s folder, got "../secret"',
  );
  expect(() => resolveExternalPath("x".repeat(9999))).toThrow(/^.{1,240}$/);
});
