import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Packages are read from source through the workspace-only "@delve/source" export condition,
// so a test never sees a stale build.
const conditions = ["@delve/source", "node", "module", "import", "default"];

// A long campaign (.ci/nightly) runs properties many times as often as usual, and may take its time.
const patience = Number(process.env["DELVE_PROPERTY_FACTOR"] ?? 1);

const projects = readdirSync("packages")
  .filter((name) => existsSync(`packages/${name}/package.json`))
  .map((name) => ({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      root: `packages/${name}`,
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      environment: "node",
      testTimeout: 60_000 * patience,
      hookTimeout: 120_000,
    },
  }));

// Vitest would leave one processor idle, which is half of a small machine.
export default defineConfig({ test: { projects, maxWorkers: availableParallelism() } });
