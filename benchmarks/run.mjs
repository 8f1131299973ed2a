// Runs the benchmarks named on the command line, or all; prints one table each; --write keeps them in RESULTS.md.
import { writeFileSync } from "node:fs";
import os from "node:os";
import process from "node:process";
import { openTorch } from "./lib/torch.mjs";

const ALL = ["covariance", "eigenvalues", "plots", "saving"];
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = asked.find((name) => !ALL.includes(name));
if (unknown) throw new Error(`benchmarks: a name must be one of ${ALL.join(", ")}, got ${unknown}`);

const torch = await openTorch();
const peers = torch ? `PyTorch ${torch.version}, one thread` : "PyTorch not found: its columns are left out";
const about = [
  `Machine: ${os.cpus()[0]?.model}, ${os.cpus().length} cores. Runtime: Node ${process.version}. ${peers}.`,
  `Date: ${new Date().toISOString().slice(0, 10)}. Command: \`npm run bench\`.`,
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
