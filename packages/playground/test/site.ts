import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build, preview } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The page as it is built, served on this machine, and a browser. */
export interface Site {
  readonly address: string;
  open(options?: VisitOptions): Promise<Visit>;
  /** Puts another build of the page in the place of the one before. */
  rebuild(title: string): Promise<void>;
  /** Stops serving, as a machine that goes down. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Settings, as the address holds them. */
  readonly query?: string;
}

/** One reader's look at the page, and what went on meanwhile. */
export interface Visit {
  readonly page: Page;
  /** Errors of the page and its console so far. */
  readonly problems: readonly string[];
  /** Requests so far that went to any other place than the site. */
  readonly strangers: readonly string[];
  /** All requests so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Builds the page into a folder of its own and serves it. */
export async function openSite(executable: string): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), "delve-playground-"));
  await buildInto(outDir);
  const server = await preview({
    root: ROOT,
    logLevel: "error",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0 },
  });
  const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
  const address = server.resolvedUrls!.local[0]!;
  return {
    address,
    open: (options) => visit(browser, address, options),
    rebuild: (title) => buildInto(outDir, title),
    stop: () => server.close(),
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** @param title - Of the page, where it is to be another one. */
async function buildInto(outDir: string, title?: string): Promise<void> {
  const transformIndexHtml = (html: string) =>
    title === undefined ? html : html.replace(/<title>.*<\/title>/, `<title>${title}</title>`);
  const plugins = [{ name: "title", transformIndexHtml }];
  const { NODE_ENV } = process.env;
  // As everyone builds it: vitest says "test", and Vite would leave out what is for production.
  process.env["NODE_ENV"] = "production";
  try {
    await build({ root: ROOT, logLevel: "error", plugins, build: { outDir, emptyOutDir: true } });
  } finally {
    process.env["NODE_ENV"] = NODE_ENV;
  }
}

async function visit(
  browser: Browser,
  address: string,
  { query = "", ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  await context.addInitScript(observeLongTasks);
  const page = await context.newPage();
  const [problems, strangers, requests]: string[][] = [[], [], []];
  page.on("pageerror", (error) => problems!.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems!.push(message.text());
  });
  context.on("request", (request) => {
    requests!.push(request.url());
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
      strangers!.push(request.url());
  });
  await page.goto(query === "" ? address : `${address}#${query}`);
  await until(
    page,
    "the first figures",
    () => epochOf(page),
    (epoch) => epoch >= 0,
  );
  return {
    page,
    problems: problems!,
    strangers: strangers!,
    requests: requests!,
    close: () => context.close(),
  };
}

/** Tasks that kept the page from answering for 50 ms or longer, in milliseconds. */
function observeLongTasks(): void {
  const tasks: number[] = [];
  Object.assign(globalThis, { longTasks: tasks });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
}

/** Asks again and again. Waiting in the page itself would be against its policy, which allows no text to be run. */
export async function until<T>(
  page: Page,
  what: string,
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  seconds = 40,
): Promise<T> {
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`until: ${what} must come within ${seconds} s, got ${String(answer)}`);
    await page.waitForTimeout(40);
  }
}

/** The epoch that the page shows; −1 before it shows any. */
export async function epochOf(page: Page): Promise<number> {
  const text = await page.locator("#epoch").textContent({ timeout: 30_000 });
  return text === "–" ? -1 : Number(text);
}

/** Trains for some epochs, to the end of the last, and waits for its figures. */
export async function trainEpochs(page: Page, count: number): Promise<void> {
  const first = await epochOf(page);
  for (let i = 1; i <= count; i++) {
    await page.click("#step");
    await until(
      page,
      `epoch ${first + i}`,
      () => epochOf(page),
      (epoch) => epoch >= first + i,
    );
    await until(page, "the end of training", () => page.isEnabled("#step"), Boolean);
  }
}
