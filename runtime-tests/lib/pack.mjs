import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pnpm, publicPackages } from "../../scripts/packages.mjs";
import { exec } from "./exec.mjs";
import { ROOT } from "./places.mjs";

/**
 * Packs every public package as npm would hand it out.
 *
 * @param {string} destination - Folder for the tarballs; what it holds is removed.
 * @returns {Promise<Record<string, string>>} Path of each package's tarball, whose name changes with its content.
 */
export async function packAll(destination) {
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const packages = publicPackages(ROOT);
  const chosen = packages.map(({ name }) => `--filter=${name}`);
  await exec(ROOT, [...pnpm(ROOT), "-r", ...chosen, "pack", "--pack-destination", destination]);
  return Object.fromEntries(packages.map((entry) => [entry.name, nameByContent(destination, entry)]));
}

function nameByContent(folder, { name, version }) {
  const stem = `${name.replace("@", "").replace("/", "-")}-${version}`;
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, `${stem}.tgz`)))
    .digest("hex");
  const path = join(folder, `${stem}-${digest.slice(0, 12)}.tgz`);
  renameSync(join(folder, `${stem}.tgz`), path);
  return path;
}
