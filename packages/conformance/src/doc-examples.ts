import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CompiledExample, compileExample } from "./doc-examples/compile.js";
import { exportedDeclarations, extractExamples } from "./doc-examples/extract.js";

/** An `@example` of a package, ready to run as a test. */
export interface RunnableExample {
  /** `file:line name`, for the test's title. */
  readonly title: string;
  /** Whether it is to be run: its fence says `ts` or `js`, or there is none. */
  readonly runs: boolean;
  /** Values that it states in comments, all of them checked when it runs. */
  readonly checks: number;
  /** Runs it; rejects if it throws or a stated value is not what it gives. */
  run(): Promise<void>;
}

/**
 * Every `@example` in the sources of a package.
 *
 * An example sees without an import what its own file and the package export; its imports are resolved as from the
 * package, workspace packages from their sources. A statement with its value in a comment behind it is checked:
 * `f(x); // 3`. What needs something that tests do not have (a bundler, a browser) stands in a fence `ts no-run`, or in
 * another language.
 *
 * @param folder - The package's folder, with `package.json` and `src`.
 * @param load - Imports a file or package by its absolute path; pass `(path) => import(path)` from the test.
 */
export function docExamples(folder: string, load: (path: string) => Promise<unknown>): RunnableExample[] {
  return sourceFiles(join(folder, "src")).flatMap((path) => {
    return extractExamples(readFileSync(path, "utf8")).map(({ name, line, code, language }) => {
      const runs = /^[tj]s$/.test(language);
      const { checks, run } = runs ? compiled(code) : { checks: 0, run: async () => {} };
      const scope = async () => ({
        names: {
          ...((await load(join(folder, "src/index.ts"))) as object),
          ...((await load(path)) as object),
        },
        load: (specifier: string) => load(resolveFrom(folder, specifier)),
      });
      return {
        title: `${path.slice(folder.length + 1)}:${line} ${name}`,
        runs,
        checks,
        run: async () => run(await scope()),
      };
    });
  });
}

/** An example that cannot be compiled fails when it runs, under its own title. */
function compiled(code: string): CompiledExample {
  try {
    return compileExample(code);
  } catch (error) {
    return { checks: 0, run: () => Promise.reject(error) };
  }
}

/** Functions that a package exports although no docstring of theirs has an `@example`. */
export async function functionsWithoutExample(
  folder: string,
  load: (path: string) => Promise<unknown>,
): Promise<string[]> {
  const declared = sourceFiles(join(folder, "src")).flatMap((path) =>
    exportedDeclarations(readFileSync(path, "utf8")),
  );
  const exported = Object.keys((await load(join(folder, "src/index.ts"))) as object);
  return exported.filter((name) => {
    const own = declared.filter((declaration) => declaration.name === name && declaration.isFunction);
    return own.length > 0 && !own.some(({ hasExample }) => hasExample);
  });
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.ts$/.test(path) && !/\.(test|test-d|d|generated)\.ts$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}

/** Where a package's code importing `specifier` finds it: a workspace package's source, or an installed package. */
export function resolveFrom(folder: string, specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  const own = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const home = own.name === name ? folder : join(folder, "node_modules", name ?? "");
  const manifest = join(home, "package.json");
  if (existsSync(manifest)) {
    const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    const source = exports?.[rest ? `./${rest}` : "."]?.["@delve/source"];
    if (source !== undefined) return join(home, source);
  }
  return createRequire(join(folder, "package.json")).resolve(specifier);
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
}
