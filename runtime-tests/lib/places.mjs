import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The folder of the runtime tests. */
export const HERE = join(ROOT, "runtime-tests");

// Outside of the repository: tools treat what lies below a `node_modules` as not their own, and a project inside would
// find what the repository has installed.
const clone = createHash("sha256").update(ROOT).digest("hex").slice(0, 8);
/** Where projects are installed; kept from one run to the next. */
export const CACHE = process.env["DELVE_RUNTIMES_CACHE"] ?? join(tmpdir(), `delve-runtime-tests-${clone}`);

/** The Chromium of this machine. */
export function findChromium() {
  const candidates = [process.env["DELVE_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw missing("chromium", "there is no Chromium on this machine");
  return found;
}

/** The environment in which Dawn and others find Chromium's GPU in software. */
export function softwareGpu() {
  const folder = process.env["DELVE_SWIFTSHADER"] ?? "/usr/lib/chromium";
  if (!existsSync(join(folder, "vk_swiftshader_icd.json"))) {
    throw missing("swiftshader", "there is no GPU in software on this machine");
  }
  return { LD_LIBRARY_PATH: folder, VK_DRIVER_FILES: join(folder, "vk_swiftshader_icd.json") };
}

/** Something that a runtime needs cannot be had here: it counts as not run, not as failed. */
export class Missing extends Error {}

/** The error for something that is not there: a failure where the environment variable `DELVE_REQUIRE` names it. */
export function missing(name, message) {
  const isRequired = (process.env["DELVE_REQUIRE"] ?? "").split(/[\s,]+/).includes(name);
  return isRequired ? new Error(message) : new Missing(message);
}
