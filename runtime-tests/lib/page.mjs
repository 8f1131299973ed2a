import { join } from "node:path";
import { openPage, serve } from "./browser.mjs";
import { exec, startServer } from "./exec.mjs";
import { readManifest } from "./pack.mjs";

/**
 * A page that is served from folders, as a place for jobs.
 *
 * @param {string} folder - The project's.
 * @param {string[]} served - Folders below it whose files the page may fetch.
 * @param {object} [more] - `headers` of every answer, and further fields of the place.
 */
export async function servedPage(folder, served, { headers, ...more } = {}) {
  const server = await serve([...served.map((path) => join(folder, path)), runtimeFiles(folder)], headers);
  return pageOf(server, more);
}

/** The place of a page that a bundler has built: `node build.mjs`, its files in `dist`. */
export async function builtPage(folder, bundler, command = ["node", "build.mjs"]) {
  await exec(folder, command);
  return servedPage(folder, ["dist", "."], { version: versionOf(folder, bundler) });
}

/** The place of a page that a development server gives. */
export async function developedPage(folder, bundler, command, ready) {
  return pageOf(await startServer(folder, command, ready), { version: versionOf(folder, bundler) });
}

/** The version of what is installed in a project. */
export function versionOf(folder, name) {
  return readManifest(join(folder, "node_modules", name)).version;
}

async function pageOf(server, more) {
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

/** Where ONNX Runtime's own Wasm lies. */
const runtimeFiles = (folder) => join(folder, "node_modules/onnxruntime-web/dist");
