// Prints what delve weighs: each package as it is published, and what a page loads that imports a part of it.
//
//   npm run sizes              the tables
//   npm run sizes -- --check   fails where a budget is exceeded, or something comes along that must come later
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gunzipSync } from "node:zlib";
import { build } from "esbuild";
import { pnpm, publicPackages } from "./packages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** Scales, rasteriser, fonts, compression: they come with the first plot or archive. */
const LATER = /node_modules\/(d3-|@resvg|@fontsource|fflate)|stats\/dist\/(plot|png|rasteriser|zip)/;

/**
 * Typical imports. `loaded` is the budget of what is loaded for a first result, one kernel included, where the bundler
 * splits; `file` that of everything in one file, where it does not. Both in kB after minification and brotli.
 */
const IMPORTS = [
  { from: "kernel", names: "loadKernel", loaded: 23, file: 30 },
  { from: "core", names: "saturation", loaded: 30, file: 40, lean: true },
  { from: "core", names: "SaturationTracker", loaded: 45, file: 105 },
  { from: "core", names: "SaturationTracker", without: "@delve/stats/plot", loaded: 45, file: 56 },
  { from: "stats", names: "SaturationTracker", loaded: 24, file: 75 },
  { from: "tfjs", names: "SaturationTracker", loaded: 52, file: 115 },
  { from: "onnxruntime", names: "track", loaded: 62, file: 120 },
  { from: "webgpu", names: "openWebGPU", loaded: 38, file: 48 },
];

/** Budgets of the tarballs in kB. */
const TARBALLS = { core: 60, kernel: 125, onnxruntime: 130, stats: 350, tfjs: 100, webgpu: 85 };

const check = process.argv.includes("--check");
const problems = [];
console.log(table(["package", "tarball", "unpacked", "files"], packages()));
console.log(table(["import", "loaded at first", "in one file"], await Promise.all(IMPORTS.map(weigh))));
console.log(
  "kB (1000 bytes); imports minified and compressed with brotli, with the dependencies they bring, budgets in brackets.",
);
for (const problem of problems) console.error(`sizes: ${problem}`);
if (check && problems.length > 0) process.exit(1);

function packages() {
  const folder = mkdtempSync(join(tmpdir(), "delve-sizes-"));
  try {
    const filters = publicPackages().map(({ name }) => `--filter=${name}`);
    const [program, ...args] = [...pnpm(), "-r", ...filters, "pack", "--pack-destination", folder];
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (status !== 0) {
      throw new Error(`sizes: pnpm pack must succeed, got ${error ?? status}\n${stdout}\n${stderr}`);
    }
    return readdirSync(folder)
      .sort()
      .map((file) => weighTarball(file, readFileSync(join(folder, file))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function weighTarball(file, tarball) {
  const name = file.replace(/^delve-(.*)-[\d.]+.*$/, "$1");
  const budget = TARBALLS[name];
  if (!(tarball.length <= 1000 * budget)) {
    problems.push(`@delve/${name}: must weigh at most ${budget} kB as a tarball, got ${kB(tarball.length)}`);
  }
  const sizes = sizesInTar(gunzipSync(tarball));
  const unpacked = sizes.reduce((sum, size) => sum + size, 0);
  return [`@delve/${name}`, `${kB(tarball.length)} (${budget})`, kB(unpacked), String(sizes.length)];
}

/** A tar archive is headers of 512 bytes, the size in octal at 124, each followed by the file in whole blocks. */
function sizesInTar(bytes) {
  const sizes = [];
  for (let at = 0; bytes[at] !== 0 && at < bytes.length; ) {
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8);
    sizes.push(size);
    at += 512 * (1 + Math.ceil(size / 512));
  }
  return sizes;
}

async function weigh({ from, names, without, loaded, file, lean = false }) {
  const entry = `import { ${names} } from "@delve/${from}"`;
  const label = without === undefined ? `\`${entry}\`` : `\`${entry}\`, \`${without}\` left out`;
  const options = { entry, from, without };
  const split = reached(await bundle({ ...options, splitting: true }));
  const whole = await bundle({ ...options, splitting: false });
  const inputs = (lean ? whole : split).flatMap((output) => output.inputs);
  for (const input of inputs.filter((path) => LATER.test(path))) {
    problems.push(`${label}: ${input} must be loaded later, got it at first`);
  }
  return [label, weight(label, "loaded at first", split, loaded), weight(label, "in one file", whole, file)];
}

function weight(label, what, outputs, budget) {
  const bytes = outputs.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0);
  if (bytes > 1000 * budget)
    problems.push(`${label}: must weigh at most ${budget} kB ${what}, got ${kB(bytes)}`);
  return `${kB(bytes)} (${budget})`;
}

/** The files that a bundler makes, each with what it consists of and what it imports. */
async function bundle({ entry, from, without, splitting }) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { ${entry.match(/{ (.*) }/)[1]} } from "@delve/${from}";`,
      resolveDir: `packages/${from}`,
    },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    splitting,
    outdir: "out",
    format: "esm",
    platform: "browser",
    external: without === undefined ? [] : [without],
    logLevel: "error",
  });
  return outputFiles.map(({ path, contents }) => {
    const name = Object.keys(metafile.outputs).find((output) => path.endsWith(output.replace(/^.*\//, "/")));
    const { inputs, imports, entryPoint } = metafile.outputs[name];
    const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    return { name, contents, entryPoint, inputs: used.map(([input]) => input), imports };
  });
}

/** What is loaded for a first result: the entry, what it imports, the kernel that the engine can run, a tracker. */
function reached(outputs) {
  const found = new Set();
  const visit = (output) => {
    if (output === undefined || found.has(output)) return;
    found.add(output);
    for (const { path, kind } of output.imports) {
      const imported = outputs.find(({ name }) => name === path);
      const soon = /kernel-relaxed-simd|core\/dist\/stats-tracker/.test(imported?.entryPoint);
      if (kind === "import-statement" || soon) visit(imported);
    }
  };
  visit(outputs.find(({ entryPoint }) => entryPoint === "<stdin>"));
  return [...found];
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map((_, i) => (i === 0 ? "---" : "--:"))) + rows.map(line).join("");
}
