// Makes examples/edge-worker ask for the packages of this version. It lies outside of the workspace, to be copied and deployed
// by itself, so that nothing else moves it along.
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "examples/edge-worker/package.json";

const readManifest = (file) => JSON.parse(readFileSync(file, "utf8"));
const manifest = readManifest(FILE);
const ours = Object.keys(manifest.dependencies).filter((name) => name.startsWith("@delve/"));
for (const name of ours) {
  const { version } = readManifest(`${name.replace("@delve", "packages")}/package.json`);
  manifest.dependencies[name] = `^${version}`;
}
writeFileSync(FILE, `${JSON.stringify(manifest, null, 2)}\n`);
