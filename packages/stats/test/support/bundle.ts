import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuildOptions, build } from "esbuild";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));

/** The sources as JavaScript that Node runs without help, so that no test depends on an earlier build. */
export interface Bundle {
  readonly folder: string;
  /** The drawing thread; a program beside it finds it. */
  readonly worker: URL;
  /** The program, if there is one. */
  readonly program: string;
  remove(): void;
}

/** @param program - TypeScript, written as if it stood in `src/`. */
export async function bundle(program = ""): Promise<Bundle> {
  // Inside node_modules: git ignores it, and Node finds the rasteriser and the font from there.
  const folder = mkdtempSync(join(packageFolder, "node_modules/.delve-test-"));
  const settings: BuildOptions = {
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    conditions: ["@delve/source"],
    external: ["@resvg/*", "fflate", "d3-*"],
    logLevel: "silent",
  };
  const worker = join(folder, "worker.node.js");
  await build({ ...settings, entryPoints: [join(packageFolder, "src/png/worker.node.ts")], outfile: worker });
  const outfile = join(folder, "program.mjs");
  const resolveDir = join(packageFolder, "src");
  await build({ ...settings, stdin: { contents: program, loader: "ts", resolveDir }, outfile });
  return {
    folder,
    worker: pathToFileURL(worker),
    program: outfile,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
