// Runs the benchmarks named on the command line, or all; prints one table each; --write keeps them in RESULTS.md.
import { writeFileSync } from "node:fs";
import os from "node:os";
import process from "node:process";
import { CLOCK } from "./lib/clock.mjs";
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
  "parallel",
  "plots",
  "saving",
  "overhead",
  "onnx-overhead",
  "onnx-read",
];
/** Run only where they are named: each takes minutes. */
const BY_NAME = ["vgg16"];
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = asked.find((name) => ![...ALL, ...BY_NAME].includes(name));
if (unknown)
  throw new Error(`benchmarks: a name must be one of ${[...ALL, ...BY_NAME].join(", ")}, got ${unknown}`);

const torch = await openTorch();
const peers = torch
  ? `PyTorch ${torch.version} (${torch.blas}), one thread`
  : "PyTorch not found: its columns are left out";
const about = [
  `Machine: ${os.cpus()[0]?.model}, ${os.cpus().length} cores. Runtime: Node ${process.version}. ${peers}.`,
  `Date: ${new Date().toISOString().slice(0, 10)}. Command: \`npm run bench${asked.length ? ` -- ${asked.join(" ")}` : ""}\`. Clock: ${CLOCK}.`,
  "Ratios above 1× mean that delve is faster. Machines are shared and noisy: compare ratios, not milliseconds.",
].join("\n");
console.log(`${about}\n`);

const sections = [];
for (const name of asked.length ? asked : ALL) {
  const { title, run } = await import(`./${name}.bench.mjs`);
  console.log(`## ${title}\n`);
  const result = await run(torch);
  console.log(`${result}\n`);
  sections.push(`## ${title}\n\n${result}\n`);
}
torch?.close();
if (process.argv.includes("--write")) {
  const text = `# Results\n\nWritten by \`npm run bench -- --write\`.\n\n${about}\n\n${sections.join("\n")}`;
  writeFileSync(new URL("./RESULTS.md", import.meta.url), text);
}
