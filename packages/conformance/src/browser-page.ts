import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";

// What the README says that a page has to allow, and nothing else.
const POLICY = "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'";

/** A page in a real browser, with one module in it. */
export interface BrowserPage {
  readonly page: Page;
  /** Errors of the page so far. */
  readonly problems: readonly string[];
  /** Addresses that the page has asked for so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** The module of a page. */
export interface PageModule {
  /** JavaScript; it has to set `globalThis.job`. */
  readonly contents: string;
  /** Folder that its imports are resolved from; workspace packages from their sources. */
  readonly resolveDir: string;
  /** Further files that the page may fetch: paths on this machine by their path in the page's address. */
  readonly files?: Readonly<Record<string, string>>;
  /** The page's content security policy; what the README asks for when left out. */
  readonly policy?: string;
  /** Modules that stand in for others: paths on this machine by the name that is imported. */
  readonly alias?: Readonly<Record<string, string>>;
  /** JavaScript that stands in for global names. */
  readonly define?: Readonly<Record<string, string>>;
  /** Further flags for the browser. */
  readonly flags?: readonly string[];
}

/** Opens a page that a person would write: one bundled module. `executable` is what `findOutside("chromium")` found. */
export async function openBrowserPage(executable: string, module: PageModule): Promise<BrowserPage> {
  const folder = mkdtempSync(join(tmpdir(), "delve-browser-"));
  const bundle = join(folder, "page.js");
  await bundleModule(module, bundle);
  const server = await serve({ ...module.files, "/page.js": bundle }, module.policy ?? POLICY);
  const args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  const browser = await chromium.launch({
    executablePath: executable,
    args: [...args, "--disable-component-update", "--disable-sync", ...(module.flags ?? [])],
  });
  const page = await browser.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) problems.push(message.text());
  });
  const close = async (): Promise<void> => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  // A page has loaded when its modules have run. Waiting for `job` in the page itself would be against the policy.
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  if (!(await page.evaluate("typeof globalThis.job === 'function'"))) {
    await close();
    throw new Error(`openBrowserPage: the module must set globalThis.job, got ${problems.join("; ")}`);
  }
  return { page, problems, requests, close };
}

/** Bundles a module for anything that is no Node, with workspace packages from their sources. */
export async function bundleModule(
  module: Omit<PageModule, "files" | "flags">,
  outfile: string,
): Promise<void> {
  const { contents, resolveDir, alias = {}, define = {} } = module;
  await build({
    stdin: { contents, resolveDir, loader: "ts" },
    alias: { ...alias },
    define: { ...define },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["@delve/source"],
    outfile,
    logLevel: "silent",
  });
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

async function serve(files: Readonly<Record<string, string>>, policy: string): Promise<Server> {
  const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`;
  const server = createServer(({ url = "/" }, response) => {
    const file = files[url];
    const extension = file === undefined ? "html" : url.slice(url.lastIndexOf(".") + 1);
    const status = file === undefined && url !== "/" ? 404 : 200;
    const type = TYPES[extension] ?? "application/octet-stream";
    response.writeHead(status, { "content-type": type, "content-security-policy": policy });
    response.end(file === undefined ? html : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
