import { readdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { backendCases } from "./backend/cases.js";
import { type BrowserPage, openBrowserPage, type PageModule } from "./browser-page.js";
import { type CaseGroup, type ConformanceOptions, declareCases } from "./conformance-case.js";
import { fixturePath } from "./fixtures.js";
import { goldenCases } from "./golden-cases.js";
import { ABSENT_GOLDENS } from "./golden-conformance.js";
import type { PageSuite } from "./page/cases-in-page.js";

/**
 * `backendConformance` and `goldenConformance` in a real browser: the page runs the very same cases, bundled, and each
 * of them is a test here, which fails with what failed in the page.
 *
 * @param name - As it shall appear in the title of the tests.
 * @param executable - What `findOutside("chromium")` found.
 * @param module - The page; its module has to set `globalThis.job` to what `casesInPage(open)` returns.
 */
export function pageConformance(
  name: string,
  executable: string,
  module: PageModule,
  options: ConformanceOptions = {},
): void {
  const declare = (title: string, suite: PageSuite, groups: readonly CaseGroup[], skip: object) => {
    const open = () => openCasesPage(executable, module);
    declareCases(title, open, inPage(suite, groups), { skip: { ...skip, ...options.skip } });
  };
  declare(`${name} as a backend`, "backend", backendCases(), {});
  declare(`${name} beside Python Delve`, "golden", goldenCases(), ABSENT_GOLDENS);
}

/** Opens a page that runs the cases it is asked for; see `pageConformance`. */
export async function openCasesPage(executable: string, module: PageModule): Promise<CasesPage> {
  return new CasesPage(await openBrowserPage(executable, pageOf(module)));
}

/** A browser whose page runs cases. */
export class CasesPage {
  readonly #browser: BrowserPage;

  constructor(browser: BrowserPage) {
    this.#browser = browser;
  }

  /** Rejected with what failed in the page. */
  run(suite: PageSuite, name: string): Promise<void> {
    return this.#browser.page.evaluate(
      ([inSuite, caseName]) =>
        (globalThis as unknown as { job(suite: string, name: string): Promise<void> }).job(inSuite, caseName),
      [suite, name] as const,
    );
  }

  dispose(): Promise<void> {
    return this.#browser.close();
  }
}

/** The same cases, each run by the page. */
function inPage(suite: PageSuite, groups: readonly CaseGroup[]): CaseGroup<CasesPage>[] {
  return groups.map(({ title, cases }) => ({
    title,
    cases: cases.map(({ name }) => ({ name, run: ({ backend }) => backend.run(suite, name) })),
  }));
}

/** The module with stand-ins for what the cases use of Vitest and of Node, and with their fixtures. */
function pageOf(module: PageModule): PageModule {
  const standIn = (name: string) => fileURLToPath(new URL(`page/${name}.ts`, import.meta.url));
  return {
    ...module,
    alias: {
      vitest: standIn("vitest"),
      "node:fs": standIn("node-fs"),
      "node:process": standIn("node-process"),
      "node:url": standIn("node-url"),
      ...module.alias,
    },
    define: { DELVE_PROPERTY_FACTOR: JSON.stringify(process.env["DELVE_PROPERTY_FACTOR"] ?? "") },
    files: { ...fixturesIn("metrics"), ...fixturesIn("covmatrix"), ...module.files },
  };
}

/** The fixtures of a folder, by the address that `fixturePath` makes in a page. */
function fixturesIn(folder: string): Record<string, string> {
  const names = readdirSync(fixturePath(folder));
  return Object.fromEntries(
    names.map((name) => [`/fixtures/${folder}/${name}`, fixturePath(`${folder}/${name}`)]),
  );
}
