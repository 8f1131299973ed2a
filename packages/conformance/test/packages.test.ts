import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { publicPackages, run, type Target, targetFiles } from "../src/packages.js";

// What the packages are once built, each read by its own name from its own folder.
const packages = publicPackages();

describe.each(packages)("the manifest of $name", ({ folder, manifest, built }) => {
  test("is published without the workspace's own condition, and otherwise the same", () => {
    expect(manifest.publishConfig?.exports).toEqual(published(manifest.exports ?? {}));
  });

  test("says what a bundler and a reader need", () => {
    expect(manifest).toMatchObject({ type: "module", sideEffects: false, license: "MIT", files: ["dist"] });
    expect(manifest["description"]).toMatch(/\.$/);
  });

  test("puts types first", () => {
    const conditional = Object.values(manifest.publishConfig?.exports ?? {}).filter(
      (target) => typeof target === "object",
    );
    expect(conditional.map((target) => Object.keys(target)[0])).toEqual(conditional.map(() => "types"));
  });

  test.skipIf(!built)("leads to files that are there", () => {
    const files = [manifest.exports, manifest.imports].flatMap(targetFiles);
    expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });
});

function published(target: Target): Target {
  if (typeof target === "string") return target;
  const rest = Object.entries(target).filter(([condition]) => condition !== "@delve/source");
  return Object.fromEntries(rest.map(([condition, inner]) => [condition, published(inner)]));
}

const entries = packages.flatMap(({ folder, built, entries }) =>
  entries.map((entry) => ({ entry, folder, built })),
);

describe.each(entries)("$entry", ({ entry, folder, built }) => {
  const names = "console.log(Object.keys(module).sort().join());";

  test.skipIf(!built)("is imported by Node, and required: no top-level await", () => {
    const imported = `const module = await import(${JSON.stringify(entry)}); ${names}`;
    const required = `const module = require(${JSON.stringify(entry)}); ${names}`;
    const found = run(folder, process.execPath, "--input-type=module", "-e", imported);
    expect(found).not.toBe("");
    expect(run(folder, process.execPath, "--input-type=commonjs", "-e", required)).toBe(found);
  });

  // An entry for Node alone says so by its name.
  test.skipIf(!built || /\/node$/.test(entry))(
    "is bundled for browsers and sees nothing of Node",
    async () => {
      const { metafile } = await build({
        stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: folder },
        bundle: true,
        write: false,
        metafile: true,
        format: "esm",
        platform: "browser",
        logLevel: "silent",
      });
      const imports = Object.values(metafile.inputs).flatMap((input) =>
        input.imports.map(({ path }) => path),
      );
      expect(imports.filter((path) => path.startsWith("node:"))).toEqual([]);
      expect(Object.values(metafile.outputs).flatMap((output) => output.imports)).toEqual([]);
    },
  );
});
