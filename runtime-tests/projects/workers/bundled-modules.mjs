import { readdirSync, readFileSync } from "node:fs";

/**
 * What wrangler has bundled for a Worker.
 *
 * @param {string} folder - The Worker's, with its `wrangler.json`; the bundle is in `dist` below it.
 * @returns {{ root: string, compatibilityDate: string, modules: { file: string, path: string, isCode: boolean }[] }} The
 * Worker itself is the first module.
 */
export function bundledModules(folder) {
  const root = `${folder}/dist`;
  const { compatibility_date } = JSON.parse(readFileSync(`${folder}/wrangler.json`, "utf8"));
  const others = readdirSync(root).filter((file) => /\.(js|wasm)$/.test(file) && file !== "worker.js");
  const modules = ["worker.js", ...others].map((file) => ({
    file,
    path: `${root}/${file}`,
    isCode: file.endsWith(".js"),
  }));
  return { root, compatibilityDate: compatibility_date, modules };
}

/** The same, as options of miniflare; it listens on a free port. */
export function miniflareOptions(folder) {
  const { root, compatibilityDate, modules } = bundledModules(folder);
  return {
    modules: modules.map(({ path, isCode }) => ({ type: isCode ? "ESModule" : "CompiledWasm", path })),
    modulesRoot: root,
    compatibilityDate,
    port: 0,
  };
}
