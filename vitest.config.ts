import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Packages are read from source through the workspace-only "@delve/source" export condition,
// so a test never sees a stale build.
const conditions = ["@delve/source", "node", "module", "import", "default"];

// A long campaign (.ci/nightly) runs properties many times as often as usual, and may take its time.
const patience = Number(process.env["DELVE_PROPERTY_FACTOR"] ?? 1);

// Where the GPU in software lies that the tests of WebGPU run on. A process looks for libraries where it was told at its
// start, so that it is said here; `findOutside("swiftshader")` tells a test whether it is there.
const swiftshader = process.env["DELVE_SWIFTSHADER"] ?? "/usr/lib/chromium";
const softwareGpu = {
  LD_LIBRARY_PATH: swiftshader,
  VK_DRIVER_FILES: `${swiftshader}/vk_swiftshader_icd.json`,
};

const oneSeed = fileURLToPath(new URL("packages/conformance/src/one-seed.ts", import.meta.url));

const projects = readdirSync("packages")
  .filter((name) => existsSync(`packages/${name}/package.json`))
  .map((name) => ({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      root: `packages/${name}`,
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      setupFiles: [oneSeed],
      environment: "node",
      env: name === "webgpu" ? softwareGpu : {},
      testTimeout: 60_000 * patience,
      hookTimeout: 120_000,
    },
  }));

// Vitest would leave one processor idle, which is half of a small machine.
export default defineConfig({ test: { projects, maxWorkers: availableParallelism() } });
