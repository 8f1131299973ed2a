// The trained networks in a page; models and runtime are served from here.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type NetworkCase, networkCases } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import type { Answer } from "./network-answer.js";

/** Folder of the pages' modules. */
export const PAGES: string = join(dirname(fileURLToPath(import.meta.url)), "browser");

/** A page with a job that puts digits through a network. */
export interface NetworkPage extends BrowserPage {
  /**
   * Puts all digits through a network.
   *
   * @param how - What `job` in `browser/job.js` takes beside the network: `provider`, `where` and others.
   */
  run<More>(network: NetworkCase, how: object): Promise<Answer & More>;
}

/**
 * Files of onnxruntime-web as a page fetches them.
 *
 * @param from - File of the package that brings its own copy.
 */
export function ortFiles(from: string): Record<string, string> {
  const folder = dirname(createRequire(from).resolve("onnxruntime-web"));
  const names = readdirSync(folder).filter((name) => /^ort-wasm.*\.(wasm|mjs)$/.test(name));
  return Object.fromEntries(names.map((name) => [`/ort/${name}`, join(folder, name)]));
}

/** Addresses that are not this machine's. */
export function foreign(requests: readonly string[]): string[] {
  return requests.filter((address) => !/^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(address));
}

/** Opens a page. `contents`: its module, which imports from `PAGES`. */
export async function openNetworkPage(executable: string, contents: string): Promise<NetworkPage> {
  const models = networkCases().map(({ name, model }) => [`/${name}.onnx`, model]);
  const browser = await openBrowserPage(executable, {
    contents,
    resolveDir: PAGES,
    files: { ...Object.fromEntries(models), ...ortFiles(import.meta.url) },
    // The only way to WebGPU without a GPU.
    flags: ["--enable-unsafe-webgpu"],
  });
  const run = <More>({ name, input, batch }: NetworkCase, how: object): Promise<Answer & More> => {
    const pass = {
      model: `/${name}.onnx`,
      input: Array.from(input.data, Number),
      dims: [...input.shape],
      batch,
    };
    return browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<Answer & More> }).job(request),
      { ...pass, ...how },
    );
  };
  return { ...browser, run };
}
