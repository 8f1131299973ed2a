import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findChromium, ROOT } from "./places.mjs";

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
 * close(): Promise<void> }>} `version` is the browser's; `warnings` grows with what the page says.
 * @throws {Error} With the page's own errors, if it does not set it within a minute.
 */
export async function openPage(address) {
  const page = await (await openBrowser()).newPage();
  const { problems, warnings } = listenTo(page);
  const job = async (name, request) => {
    try {
      const answer = page.evaluate(([of, what]) => globalThis.job(of, what), [name, request]);
      return await Promise.race([answer, silence()]);
    } catch (error) {
      throw new Error([error.message, ...problems].join("; "));
    }
  };
  try {
    await page.goto(address);
    await untilReady(page, problems);
  } catch (error) {
    await page.close();
    throw error;
  }
  return { job, warnings, version: browser.version(), close: () => page.close() };
}

/** Gathers what a page reports. */
function listenTo(page) {
  const [problems, warnings] = [[], []];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
    if (message.type() === "warning") warnings.push(message.text());
  });
  return { problems, warnings };
}

async function untilReady(page, problems) {
  // Asked from outside: a content security policy may forbid what waits within the page.
  const isReady = () => page.evaluate("typeof globalThis.job === 'function'");
  for (const until = Date.now() + 60_000; !(await isReady()); ) {
    if (Date.now() > until) throw new Error(`page: must set globalThis.job, got ${problems.join("; ")}`);
    await setTimeout(100);
  }
}

/** A job that never answers must not keep the others. */
async function silence() {
  await setTimeout(120_000, undefined, { ref: false });
  throw new Error("the page must answer within 120 s, got nothing");
}
