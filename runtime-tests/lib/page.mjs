import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readManifest } from "../../scripts/packages.mjs";
import { openPage } from "./browser.mjs";
import { exec } from "./exec.mjs";
import { serve } from "./serve.mjs";

/**
 * The place of a page that a server gives; both end together.
 *
 * @param {{ address: string, stop(): Promise<void> }} server
 * @param {object} more - Further fields of the place.
 */
export async function pageOf(server, more) {
  try {
    const page = await openPage(server.address);
    const close = async () => {
      await page.close();
      await server.stop();
    };
    return { hasGpu: true, ...page, ...more, close };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * The place of a page that is served from folders.
 *
 * @param {string} folder - The project's.
 * @param {string[]} served - Folders below it whose files the page may fetch.
 * @param {object} [more] - `headers` of every answer, and further fields of the place.
 */
export async function servedPage(folder, served, { headers, ...more } = {}) {
  const folders = [...served.map((path) => join(folder, path)), join(folder, ONNX_RUNTIME)];
  return pageOf(await serve(folders, headers), more);
}

/** The place of a page that a bundler has built: `node build.mjs`, its files in `dist`. */
export async function builtPage(folder, bundler, command = ["node", "build.mjs"]) {
  await exec(folder, command, { seconds: 500 });
  return servedPage(folder, ["dist", "."], { version: versionOf(folder, bundler) });
}

/** Puts ONNX Runtime's own Wasm where a bundler's server gives out files as they are. */
export function publishRuntime(folder) {
  const wasm = "ort-wasm-simd-threaded.wasm";
  mkdirSync(join(folder, "public"), { recursive: true });
  cpSync(join(folder, ONNX_RUNTIME, wasm), join(folder, "public", wasm));
}

/** The version of what is installed in a project. */
export function versionOf(folder, name) {
  return readManifest(join(folder, "node_modules", name)).version;
}

const ONNX_RUNTIME = "node_modules/onnxruntime-web/dist";
