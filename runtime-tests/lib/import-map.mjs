import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readManifest } from "../../scripts/packages.mjs";

const CONDITIONS = ["browser", "import", "default"];

/**
 * The import map with which a page takes a project's packages as they lie in `node_modules`: every package sees what
 * its manifest names, and its own `#` imports.
 *
 * @param {string} folder - The project's, which is the root of the page's addresses.
 * @param {Record<string, string>} flat - File of a package that is one module by itself, by the package's name.
 * @returns {{ imports: Record<string, string>, scopes: Record<string, Record<string, string>> }}
 */
export function importMapOf(folder, flat = {}) {
  const scopes = {};
  const addressOf = (path) => `/${relative(realpathSync(folder), path)}`;
  const visit = (from, names) => {
    const found = names.map((name) => [name, findPackage(from, name)]).filter(([, at]) => at !== null);
    return Object.assign({}, ...found.map(([name, at]) => entriesOf(name, at)));
  };
  const entriesOf = (name, at) => {
    if (flat[name] !== undefined) return { [name]: addressOf(join(at, flat[name])) };
    const manifest = readManifest(at);
    const scope = `${addressOf(at)}/`;
    if (scopes[scope] === undefined) {
      scopes[scope] = {};
      const own = targetsOf(manifest.imports ?? {}, at, addressOf);
      Object.assign(scopes[scope], own, visit(at, Object.keys(manifest.dependencies ?? {})));
    }
    const entries = manifest.exports ?? { ".": `./${manifest.module ?? manifest.main ?? "index.js"}` };
    const targets = targetsOf("." in entries ? entries : { ".": entries }, at, addressOf);
    return Object.fromEntries(Object.entries(targets).map(([path, to]) => [name + path.slice(1), to]));
  };
  const imports = visit(realpathSync(folder), Object.keys(readManifest(folder).dependencies));
  return { imports, scopes };
}

/** Where a package lies that is imported from a folder: there, or above. */
function findPackage(from, name) {
  for (let at = from; dirname(at) !== at; at = dirname(at)) {
    const path = join(at, "node_modules", name);
    if (existsSync(path)) return realpathSync(path);
  }
  return null;
}

/** Addresses of a map of exports or imports, of what a browser may take. */
function targetsOf(map, at, addressOf) {
  const chosen = Object.entries(map).map(([path, target]) => [path, choose(target)]);
  const whole = chosen.filter(([path, file]) => file !== null && !path.includes("*"));
  return Object.fromEntries(whole.map(([path, file]) => [path, addressOf(join(at, file))]));
}

/** The first condition that holds leads on, as in Node's own resolution. */
function choose(target) {
  if (target === null || typeof target === "string") return target;
  const condition = Object.keys(target).find((name) => CONDITIONS.includes(name));
  return condition === undefined ? null : choose(target[condition]);
}
