// Removes everything that a build or a run leaves behind; `--all` also the installed dependencies.
import { readdirSync, rmSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const packages = readdirSync("packages").map((name) => `packages/${name}`);
const built = readdirSync("build").filter((name) => name !== "README.md");
const targets = [
  ...built.map((name) => `build/${name}`),
  ...packages.map((path) => `${path}/dist`),
  ...readdirSync("packages/kernel/src/wasm")
    .filter((name) => name.endsWith(".generated.ts"))
    .map((name) => `packages/kernel/src/wasm/${name}`),
  "runs",
  "coverage",
];
if (process.argv.includes("--all")) {
  targets.push(
    "node_modules",
    ...[...packages, "examples", "benchmarks"].map((path) => `${path}/node_modules`),
  );
}
for (const target of targets) rmSync(target, { recursive: true, force: true });
