import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findChromium, ROOT } from "./places.mjs";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The only way to WebGPU without a GPU.
  "--enable-unsafe-webgpu",
];

let browser;

async function openBrowser() {
  if (browser === undefined) {
    const { chromium } = createRequire(join(ROOT, "packages/conformance/package.json"))("playwright-core");
    browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  }
  return browser;
}

/** Ends the browser that all pages share. */
export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/**
 * Opens a page whose module sets `globalThis.job`.
 *
 * @param {string} address
 * @returns {Promise<{ job(name: string, request: object): Promise<object>, warnings: string[], version: string,
 * close(): Promise<void> }>} `version` is the browser's.
 * @throws {Error} With the page's own errors, if it does not set it within a minute.
 */
export async function openPage(address) {
  const page = await (await openBrowser()).newPage();
  const [problems, warnings] = [[], []];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
    if (message.type() === "warning") warnings.push(message.text());
  });
  await page.goto(address);
  // Asked from outside: a content security policy may forbid what waits within the page.
  const isReady = () => page.evaluate("typeof globalThis.job === 'function'");
  for (const until = Date.now() + 60_000; !(await isReady()); ) {
    if (Date.now() > until) throw new Error(`page: must set globalThis.job, got ${problems.join("; ")}`);
    await setTimeout(100);
  }
  const job = async (name, request) => {
    try {
      const answer = page.evaluate(([of, what]) => globalThis.job(of, what), [name, request]);
      return await Promise.race([answer, silence()]);
    } catch (error) {
      throw new Error(`${error.message}; the page: ${problems.join("; ")}`);
    }
  };
  return { job, warnings, version: browser.version(), close: () => page.close() };
}

/** A job that never answers must not keep the others. */
async function silence() {
  await setTimeout(120_000, undefined, { ref: false });
  throw new Error("the page must answer within 120 s, got nothing");
}

/**
 * Serves files.
 *
 * @param {string[]} folders - Each path is looked for in the first, then in the next.
 * @param {Record<string, string>} [headers] - Sent with every answer.
 * @returns {Promise<{ address: string, stop(): Promise<void> }>}
 */
export async function serve(folders, headers = {}) {
  const server = createServer((request, response) => {
    const asked = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const path = asked === "/" ? "/index.html" : asked;
    const body = folders.map((folder) => readIfThere(join(folder, path))).find((found) => found !== null);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, ...headers });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}`, stop };
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
