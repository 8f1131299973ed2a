import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Programs outside the repository that some tests check delve against. */
export type OutsideProgram = "chromium" | "numpy" | "pandas" | "swiftshader" | "torch";

/**
 * Finds an outside program: the path of an executable (for Python modules, of a Python that has the module; for
 * SwiftShader, of the folder that holds it), or `null` where it is missing. Tests skip visibly on `null`; where the
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
  if (program === "swiftshader") return findSwiftshader();
  return findPython(program);
}

function findChromium(): string | null {
  const candidates = [process.env["DELVE_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null;
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
