// What the scripts ask of the workspace's packages.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The packages that are published.
 *
 * @param {string} [root] - Folder of the clone.
 * @returns {{ name: string, version: string, folder: string, manifest: object }[]} `folder` as seen from the root.
 */
export function publicPackages(root = ".") {
  return readdirSync(join(root, "packages"))
    .map((name) => `packages/${name}`)
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder)) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name, version: manifest.version, folder, manifest }));
}

/** The package.json of a folder. */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Writes the package.json of a folder. */
export function writeManifest(folder, manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The command of the pnpm that the workspace is pinned to. */
export function pnpm(root = ".") {
  return ["npx", "--yes", readManifest(root).packageManager];
}
