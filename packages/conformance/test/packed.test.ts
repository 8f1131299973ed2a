import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicPackages, ROOT, readManifest, run, targetFiles } from "../src/packages.js";

// The packages as npm would hand them out: packed, installed into an empty project, and put to work there.
const packages = publicPackages();
const built = packages.every((entry) => entry.built);

const JOB = `
  const rows = [[4, 2, 7], [-4, 2, 7], [4, -2, 7], [-4, -2, 7]];
  const tracker = await core.SaturationTracker.open({ savePath: "runs/packed", saveTo: "csv", stats: ["lsat"] });
  tracker.record("fc", { data: Float32Array.from(rows.flat()), shape: [4, 3] });
  await tracker.addSaturations();
  await tracker.close();
  const moments = (await kernel.loadKernel()).createMoments(1);
  moments.update({ data: Float64Array.of(1, 3), rows: 2, features: 1, rowStride: 1, featureStride: 1 });
  const slow = reference.referenceBackend().eigvalsh({ order: 2, upper: Float64Array.of(2, 1, 2) });
  console.log(JSON.stringify({
    saturation: await core.saturation(rows),
    device: (await core.loadDelve()).backend.name,
    variance: kernel.covariance(moments.state()).upper[0],
    idim: stats.intrinsicDimensionality([4, 4, 2, 0], 0.9),
    order: slow.length,
    tfjs: typeof tfjs.SaturationTracker,
  }));
`;
const MODULES = {
  core: "@delve/core",
  kernel: "@delve/kernel",
  reference: "@delve/kernel/reference",
  stats: "@delve/stats",
  tfjs: "@delve/tfjs",
};
const FOUND = { saturation: 2 / 3, device: "wasm", variance: 1, idim: 3, order: 2, tfjs: "function" };

const TYPED = `
import { CovarianceMatrix, covariance, type Matrix, type MatrixInput, SaturationTracker } from "@delve/core";
import { type Backend, loadKernel, type SyncBackend } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import type { Writer } from "@delve/stats";
import * as tfjs from "@delve/tfjs";

export const inputs: MatrixInput[] = [[[1, 2]], { data: new Float32Array(2), shape: [1, 2] }];
export const matrix: Matrix = await covariance(inputs[0]!, { ddof: 0 });
export const shape: readonly [number, number] = matrix.shape;
export const backends: Backend[] = [await loadKernel(), referenceBackend() satisfies SyncBackend];
export const writer: Writer = { name: "mine", write: ({ records }) => void records.length };
export const tracker: SaturationTracker = await SaturationTracker.open({ saveTo: [writer], device: "wasm" });
export const recorded: boolean = tracker.record("fc", inputs[1]!, { phase: "eval" });
export const mean: Float64Array = await (await CovarianceMatrix.open({ saveData: true })).mean();
export const Tracker: Function = tfjs.SaturationTracker;
// @ts-expect-error: a vector is no matrix
void covariance([1, 2, 3]);
// @ts-expect-error: no such phase
tracker.record("fc", [[1]], { phase: "test" });
`;

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  },
  files: ["typed.mts"],
};

describe.skipIf(!built)("packed and installed", () => {
  let project: string;
  const installed = (name: string) => join(project, "node_modules", name);

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "delve-packed-"));
    const { packageManager } = readManifest(ROOT);
    const chosen = packages.map(({ name }) => `--filter=${name}`);
    run(ROOT, "npx", "--yes", String(packageManager), "-r", ...chosen, "pack", "--pack-destination", project);
    const tarballs = readdirSync(project).filter((file) => file.endsWith(".tgz"));
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", private: true }));
    run(
      project,
      "npm",
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      ...tarballs.map((file) => `./${file}`),
    );
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test.each(packages)("$name holds its files and nothing of the workspace", ({ name }) => {
    const manifest = readManifest(installed(name));
    const files = readdirSync(installed(name), { recursive: true, encoding: "utf8" });
    for (const file of [manifest.exports, manifest.imports].flatMap(targetFiles)) {
      expect(files).toContain(file.replace("./", ""));
    }
    const published = /^(dist(\/.*\.(js|js\.map|d\.ts|wasm)|(\/png)?)|package\.json|README\.md|LICENSE)$/;
    expect(files.filter((file) => !published.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE"]));
    expect(JSON.stringify(manifest["dependencies"] ?? {})).not.toContain("workspace:");
    expect(JSON.stringify([manifest.exports, manifest.imports])).not.toContain("@delve/source");
  });

  test.each(packages)("$name has source maps that hold their sources, none of them another's", ({ name }) => {
    const dist = join(installed(name), "dist");
    const maps = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.map$/.test(file),
    );
    expect(maps).toContain("index.js.map");
    for (const file of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(join(dist, file), "utf8"));
      // What comes from elsewhere would have to be named, with its licence, in the package: stats is no elsewhere.
      expect(sources.filter((source: string) => !/^(\.\.\/)+(stats\/)?src\//.test(source))).toEqual([]);
      expect(sourcesContent).toHaveLength(sources.length);
    }
  });

  test.each(packages)("$name has nothing that publint would tell", async ({ name }) => {
    const pkg = installed(name);
    const { messages } = await publint({ pkgDir: pkg, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, readManifest(pkg), { color: false }))).toEqual(
      [],
    );
  });

  test.each(packages)(
    "$name has types that are right wherever TypeScript looks for them",
    async ({ name }) => {
      const tarball = readdirSync(project).find((file) => file.startsWith(name.replace(/^@(.*)\//, "$1-")))!;
      const pack = createPackageFromTarballData(readFileSync(join(project, tarball)));
      const checked = await checkPackage(pack, { excludeEntrypoints: [/\.wasm$/] });
      const problems = checked.types === false ? ["no types"] : checked.problems;
      // These are ES modules, which Node requires since 20.19; and the resolution of Node 10 knows no exports.
      const expected = (problem: (typeof problems)[number]): boolean =>
        typeof problem === "object" &&
        (problem.kind === "CJSResolvesToESM" ||
          ("resolutionKind" in problem && problem.resolutionKind === "node10"));
      expect(problems.filter((problem) => !expected(problem))).toEqual([]);
    },
  );

  test("imported, it does its job", () => {
    const imports = Object.entries(MODULES).map(([name, from]) => `import * as ${name} from "${from}";`);
    writeFileSync(join(project, "job.mjs"), imports.join("\n") + JOB);
    expect(JSON.parse(run(project, process.execPath, "job.mjs"))).toEqual(FOUND);
    expect(readFileSync(join(project, "runs/packed.csv"), "utf8")).toContain("train-saturation_fc");
  });

  test("required, it does its job", () => {
    const requires = Object.entries(MODULES).map(([name, from]) => `const ${name} = require("${from}");`);
    writeFileSync(join(project, "job.cjs"), `${requires.join("\n")}\n(async () => {${JOB}})();`);
    expect(JSON.parse(run(project, process.execPath, "job.cjs"))).toEqual(FOUND);
  });

  test("its types are whole, libraries checked", () => {
    writeFileSync(join(project, "typed.mts"), TYPED);
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(TSCONFIG));
    expect(run(project, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".")).toBe("");
  });
});
