// Makes a fresh clone ready: installs the workspace with the pnpm named in package.json (through npx, so
// that only Node and npm are needed), compiles the kernel, builds the packages. Each step is skipped when
// its inputs are as they were the last time it succeeded.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const { packageManager } = JSON.parse(readFileSync("package.json", "utf8"));

step(
  "node_modules/.delve-install",
  "install",
  () => ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests()],
  () => pnpm("install", "--frozen-lockfile", "--prefer-offline"),
);
step("build/.delve-build", "build", sources, () => pnpm("run", "build"));

/** Runs `action` unless the stamp file says that it already succeeded on these very inputs. */
function step(stampFile, name, inputs, action) {
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === digest(inputs())) return;
  console.log(`delve: ${name} …`);
  action();
  writeFileSync(stampFile, digest(inputs()));
}

function pnpm(...args) {
  // npm_config_* variables that npm hands down mean other things to pnpm.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));
  const run = spawnSync("npx", ["--yes", packageManager, ...args], {
    stdio: "inherit",
    env,
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    console.error(`delve: \`pnpm ${args.join(" ")}\` failed`);
    process.exit(run.status ?? 1);
  }
}

function manifests() {
  const folders = [
    "examples",
    "benchmarks",
    ...readdirSync("packages").map((name) => join("packages", name)),
  ];
  return folders.map((folder) => join(folder, "package.json")).filter((file) => existsSync(file));
}

function sources() {
  const packages = readdirSync("packages")
    .map((name) => join("packages", name))
    // The others are read from their sources.
    .filter((path) => existsSync(join(path, "tsup.config.ts")));
  const folders = ["assembly", ...packages.map((path) => join(path, "src"))];
  const files = folders.filter((folder) => existsSync(folder)).flatMap(walk);
  const configs = packages.map((path) => join(path, "tsup.config.ts"));
  const outputs = packages.map((path) => join(path, "dist/index.js"));
  return [
    "asconfig.json",
    "scripts/build-kernel.mjs",
    "pnpm-lock.yaml",
    "tsconfig.base.json",
    ...configs,
    ...manifests(),
    ...files,
    ...outputs.map(presence),
  ];
}

function walk(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? walk(path) : [path]))
    .filter((path) => !/\.test\.ts$|\.generated\.ts$/.test(path));
}

/** A built file counts by being there, so that deleting `dist` triggers a build. */
function presence(file) {
  return `?${file}`;
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(file.startsWith("?") ? String(existsSync(file.slice(1))) : readFileSync(file));
  }
  return hash.digest("hex");
}
