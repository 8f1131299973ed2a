import { expect, test } from "vitest";
import { platform } from "#platform";
import { platform as elsewhere } from "./platform-default.js";

test("Node means the file system and standard error", () => {
  expect(platform.openStorage().name).toBe("file system");
  expect(platform.progressStream()).toBe(process.stderr);
});

test("elsewhere files stay in memory, and there is no terminal", () => {
  expect(elsewhere.openStorage().name).toBe("memory");
  expect(elsewhere.progressStream()).toBeNull();
});
