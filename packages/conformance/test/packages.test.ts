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
    const imports = manifest.imports && published(manifest.imports);
    expect(manifest.publishConfig?.imports).toEqual(imports);
    // The first condition that holds is taken, so that the order counts.
    expect(JSON.stringify(manifest.publishConfig?.imports)).toBe(JSON.stringify(imports));
  });

  test("says what a bundler and a reader need", () => {
    expect(manifest).toMatchObject({ type: "module", sideEffects: false, license: "MIT", files: ["dist"] });
    expect(manifest["description"]).toMatch(/\.$/);
    expect(manifest["keywords"]).toContain("delve");
  });

  test("names no registry and no repository, which only a release knows", () => {
    expect(JSON.stringify(manifest)).not.toMatch(/https?:|registry|"repository"|"homepage"/);
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

test("the kernel depends on nothing", () => {
  const kernel = packages.find(({ name }) => name === "@delve/kernel")!;
  const dependencies = ["dependencies", "peerDependencies", "optionalDependencies"];
  expect(dependencies.flatMap((kind) => Object.keys(kernel.manifest[kind] ?? {}))).toEqual([]);
});

const core = packages.find(({ name }) => name === "@delve/core")!;

// Every file that is loaded costs a third of a millisecond in a new process.
test.skipIf(!core.built)("a first result of core loads no more files than it needs", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export * from "@delve/core";', resolveDir: core.folder },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    logLevel: "silent",
  });
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { path, kind } of metafile.inputs[file]!.imports) if (kind === "import-statement") load(path);
  };
  load("<stdin>");
  const files = [...loaded]
    .slice(1)
    .map((file) => file.replace(/^.*packages\//, "").replace(/-[A-Z\d]{8}\./, "."));
  expect(files).toEqual([
    "core/dist/index.js",
    ...["index.js", "chunk.js", "kernel-builds-embedded.js"].map((name) => `kernel/dist/${name}`),
  ]);
});

// Where files are asked for by conditions, the first that holds wins: bundlers for the edge may also say "node".
const SITES: [site: string, conditions: string[], platform: RegExp][] = [
  ["Node", ["node"], /node\.js$/],
  ["Deno", ["deno", "node"], /node\.js$/],
  ["Bun", ["bun", "node"], /node\.js$/],
  ["a browser", ["browser", "module"], /default\.js$/],
  ["Cloudflare Workers", ["workerd", "worker", "browser", "node"], /default\.js$/],
  ["Vercel's edge", ["edge-light", "worker", "browser", "node"], /default\.js$/],
  ["elsewhere", [], /default\.js$/],
];
const platforms = packages.flatMap(({ name, manifest }) =>
  Object.entries(manifest.publishConfig?.imports ?? {}).map(([key, target]) => ({ name, key, target })),
);

describe.each(platforms.filter(({ key }) => key.startsWith("#platform")))("$key of $name", ({ target }) => {
  test.each(SITES)("in %s is the right one", (_, conditions, platform) => {
    expect(resolved(target, ["default", ...conditions])).toMatch(platform);
  });
});

test("the kernel's files are imported only where they are compiled on deployment", () => {
  const { target } = platforms.find(({ key }) => key === "#kernel-builds")!;
  const chosen = SITES.map(([, conditions]) => resolved(target, ["default", ...conditions]));
  expect(chosen.map((file) => /builds-(.*)\.js$/.exec(file ?? "")?.[1])).toEqual([
    ...["embedded", "embedded", "embedded", "embedded"],
    ...["workerd", "edge-light", "embedded"],
  ]);
});

function resolved(target: Target, conditions: readonly string[]): string | undefined {
  if (typeof target === "string") return target;
  const taken = Object.entries(target).find(([condition]) => conditions.includes(condition));
  return taken && resolved(taken[1], conditions);
}

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
