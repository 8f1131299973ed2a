import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { ROOT } from "./packages.js";

/** Programs outside the repository that some tests check delve against. */
export type OutsideProgram = "chromium" | "deno" | "lavapipe" | "numpy" | "pandas" | "swiftshader" | "torch";

/**
 * Finds an outside program: the path of an executable (for Python modules, of a Python that has the module; for
 * SwiftShader, of the folder that holds it; for lavapipe, Mesa's GPU in software, of its Vulkan driver file), or `null` where it is missing. Tests skip visibly on `null`; where the
 * environment variable `DELVE_REQUIRE` names the program (as `.ci/run` does), its absence is an error instead.
 */
export function findOutside(program: OutsideProgram): string | null {
  const found = find(program);
  if (found === null && isRequired(program)) {
    throw new Error(`findOutside: ${program} must be installed (DELVE_REQUIRE names it), found none`);
  }
  return found;
}

/** Whether the environment variable `DELVE_REQUIRE` names something that a test would otherwise skip without. */
export function isRequired(name: string): boolean {
  return (process.env["DELVE_REQUIRE"] ?? "").split(/[\s,]+/).includes(name);
}

function find(program: OutsideProgram): string | null {
  if (program === "chromium") return findChromium();
  if (program === "deno") return findDeno();
  if (program === "lavapipe") return findLavapipe();
  if (program === "swiftshader") return findSwiftshader();
  return findPython(program);
}

function findChromium(): string | null {
  const candidates = [process.env["DELVE_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** Where `.ci/run` puts it, or where a user has it. */
function findDeno(): string | null {
  const fetched = join(ROOT, "node_modules/.cache/deno/node_modules/@deno/linux-x64-glibc/deno");
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const candidates = [process.env["DELVE_DENO"], fetched, ...folders.map((folder) => join(folder, "deno"))];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** The folders that a Vulkan loader takes drivers from. */
const VULKAN_DRIVERS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

function findLavapipe(): string | null {
  const drivers = VULKAN_DRIVERS.filter(existsSync).flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  return drivers.find((path) => /\/lvp_icd\.[^/]*json$/.test(path)) ?? null;
}

/** What a GPU in software needs, beside Dawn. */
const SWIFTSHADER = ["vk_swiftshader_icd.json", "libvk_swiftshader.so", "libvulkan.so.1"];

/** The folder of Chromium that holds its GPU in software and a Vulkan loader for it. */
function findSwiftshader(): string | null {
  const candidates = [process.env["DELVE_SWIFTSHADER"], "/usr/lib/chromium"];
  return (
    candidates.find((folder) => folder && SWIFTSHADER.every((file) => existsSync(join(folder, file)))) ?? null
  );
}

function findPython(module: string): string | null {
  // A version manager's python3 may stand before the system's, which has Debian's packages.
  const candidates = [process.env["DELVE_PYTHON"], "python3", "/usr/bin/python3"];
  for (const python of candidates) {
    if (python && spawnSync(python, ["-c", `import ${module}`]).status === 0) return python;
  }
  return null;
}
