// Runs the benchmarks named on the command line, or all; prints one table each.
//   --write       also writes them to RESULTS.md, which holds one whole run: no names beside it
//   --rounds N    N rounds of every measurement, instead of as many as fit into its time
//   --here        leaves out the second section, of the kernel under a newer Node
import { writeFileSync } from "node:fs";
import os from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { CLOCK } from "./lib/clock.mjs";
import { hasGpu } from "./lib/gpu.mjs";
import { againUnder, newerNode } from "./lib/newer-node.mjs";
import { openTorch } from "./lib/peer.mjs";

const ALL = [
  "dsyrk",
  "update",
  "covariance",
  "eigenvalues",
  "lapack",
  "batch",
  "top",
  "saturation",
  "cold-start",
  "first-result",
  "parallel",
  "plots",
  "saving",
  "overhead",
  "onnx-overhead",
  "onnx-read",
  "vgg16",
];
/** Among all of them only where the GPU is a real one; by name, one in software will do. */
const ON_GPU = "webgpu";
/** Run once more under a newer Node, which has the relaxed build of the kernel. */
const AGAIN = ["dsyrk", "update", "lapack", "top", "first-result", "parallel"];

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    here: { type: "boolean", default: false },
    rounds: { type: "string" },
  },
});
if (options.rounds !== undefined) {
  if (!(Number(options.rounds) >= 1))
    throw new Error(`benchmarks: --rounds must be a number of 1 or more, got ${options.rounds}`);
  process.env.DELVE_ROUNDS = options.rounds;
}
const unknown = asked.find((name) => ![...ALL, ON_GPU].includes(name));
if (unknown)
  throw new Error(`benchmarks: a name must be one of ${[...ALL, ON_GPU].join(", ")}, got ${unknown}`);
if (options.write && asked.length > 0)
  throw new Error(`benchmarks: --write must be for all of them, got only ${asked.join(", ")}`);

const torch = await openTorch();
const peers = torch
  ? `PyTorch ${torch.version} (${torch.blas}), one thread`
  : "PyTorch not found: its columns are left out";
const about = [
  `Machine: ${os.cpus()[0]?.model}, ${os.cpus().length} cores. Runtime: Node ${process.version}. ${peers}.`,
  `Date: ${new Date().toISOString().slice(0, 10)}. Command: \`npm run bench${asked.length ? ` -- ${asked.join(" ")}` : ""}\`. Clock: ${CLOCK}.`,
  "Ratios above 1× mean that delve is faster. Machines are shared and noisy: compare ratios, not milliseconds.",
].join("\n");
const gpu = asked.length === 0 && (await hasGpu());
const names = asked.length > 0 ? asked : [...ALL, ...(gpu ? [ON_GPU] : [])];
let report = "";
print(`## Node ${process.version}\n\n${about}\n\n`);
for (const name of names) {
  const { title, run } = await import(`./${name}.bench.mjs`);
  print(`### ${title}\n\n`);
  print(`${await run(torch)}\n\n`);
}
torch?.close();
const again = names.filter((name) => AGAIN.includes(name));
const newer = options.here ? undefined : newerNode();
if (newer !== undefined && again.length > 0) report += await againUnder(newer, again);
if (options.write) {
  const noGpu = gpu ? "" : " This machine has no GPU: `npm run bench:gpu` measures that of another.";
  const text = `# Results\n\nWritten by \`npm run bench -- --write\`.${noGpu}\n\n${report.trimEnd()}\n`;
  writeFileSync(new URL("./RESULTS.md", import.meta.url), text);
}

function print(text) {
  process.stdout.write(text);
  report += text;
}
