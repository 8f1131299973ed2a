import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pnpm, readManifest } from "../../scripts/packages.mjs";
import { exec } from "./exec.mjs";
import { CACHE, HERE, missing, ROOT } from "./places.mjs";

// In the order of the table: processes, pages, servers; others after these.
const ORDER = [
  ...["node-20", "node", "node-22", "node-24", "node-26", "deno", "bun"],
  ...["chromium", "esbuild", "rollup", "webpack", "vite-7", "vite-8"],
  ...["next", "workers", "edge-runtime"],
];

/** Names of all projects, in the order of the table. */
export function projectNames() {
  const names = readdirSync(join(HERE, "projects")).sort();
  return [...new Set([...ORDER, ...names])].filter((name) => names.includes(name));
}

/**
 * An empty project with the packages installed from their tarballs, and with the jobs beside them.
 *
 * @param {string} name - Folder below `projects`.
 * @param {Record<string, string>} tarballs - As `packAll` gives them.
 * @returns {Promise<string>} The project's folder.
 */
export async function prepare(name, tarballs) {
  const folder = join(CACHE, "projects", name);
  const source = join(HERE, "projects", name);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (!/^(node_modules|pnpm-|\.installed)/.test(entry)) rmSync(join(folder, entry), { recursive: true });
  }
  cpSync(join(HERE, "entries"), folder, { recursive: true });
  cpSync(join(HERE, "jobs"), join(folder, "jobs"), { recursive: true });
  cpSync(join(ROOT, "examples/lib/onnx-writer.js"), join(folder, "jobs/onnx-writer.js"));
  cpSync(source, folder, { recursive: true });
  await install(folder, readManifest(source), tarballs);
  return folder;
}

/** Installs what the manifest and the tarballs say, unless that has been done. */
async function install(folder, manifest, tarballs) {
  const packages = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const whole = { ...manifest, type: "module", dependencies: { ...packages, ...manifest.dependencies } };
  const text = JSON.stringify(whole, null, 2);
  writeFileSync(join(folder, "package.json"), text);
  // Its own workspace; the packages depend on each other by versions that no registry has yet.
  const overrides = Object.entries(packages).map(([name, path]) => `  "${name}": "${path}"`);
  writeFileSync(
    join(folder, "pnpm-workspace.yaml"),
    `packages: ["."]\noverrides:\n${overrides.join("\n")}\n`,
  );
  const stamp = join(folder, ".installed");
  const digest = createHash("sha256").update(text).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  rmSync(stamp, { force: true });
  rmSync(join(folder, "pnpm-lock.yaml"), { force: true });
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-frozen-lockfile", "--reporter=append-only"];
  await exec(folder, [...pnpm(ROOT), "install", ...flags], { seconds: 400 }).catch(whatIsMissing);
  writeFileSync(stamp, digest);
}

/** A version that the registry does not have, or no registry at all, is nothing that the packages could mend. */
function whatIsMissing(error) {
  const line = /ERR_PNPM_(?:NO_MATCHING_VERSION|FETCH_40[34]|META_FETCH_FAIL).*/.exec(error.message)?.[0];
  if (line === undefined) throw error;
  // Which registry it is says nothing about the packages.
  const told = line.replace(/( while fetching it from)?\s*\S+:\/\/\S+/, "");
  throw missing("registry", `the registry has not all of it: ${told}`);
}
