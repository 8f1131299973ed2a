// Where does a deep network stop adding anything? Plain and residual stacks of convolutions learn to read handwritten
// digits, as they are and drawn twice as large, from three seeds each; delve tells how saturated their layers are.
//
//   node examples/receptive-field/index.js
import { mkdirSync, writeFileSync } from "node:fs";
import { renderPng } from "@delve/stats/png";
import { measureAll } from "./pool.js";
import { comparisonOf, conclusionOf, figureOf, tableOf } from "./report.js";

const SEEDS = [1, 2, 3];
const folder = "runs/receptive-field";

const base = { network: "plain", size: 8, depth: 13, width: 24, epochs: 14 };
const kinds = [
  { ...base, size: 16 },
  { ...base, network: "residual", size: 16 },
  { ...base, width: 48 },
  base,
  { ...base, network: "residual" },
  { ...base, width: 12 },
];
const runs = kinds.flatMap((kind) => SEEDS.map((seed) => ({ ...kind, seed })));

console.log(`Training ${runs.length} networks of ${base.depth} convolutions; this takes several minutes …`);
const results = await measureAll(runs, (run, { accuracy }) => {
  const what = `${run.network}, ${run.size} × ${run.size} pixels, width ${run.width}, seed ${run.seed}`;
  console.log(`  ${what}: ${(100 * accuracy).toFixed(1)} % of the held-out digits`);
});
const measured = runs.map((run, i) => ({ ...run, ...results[i] }));

const comparisons = [
  comparisonOf(measured, "plain", ({ network, width }) => network === "plain" && width === 24),
  comparisonOf(measured, "residual", ({ network }) => network === "residual"),
  comparisonOf(measured, "width", ({ network, size }) => network === "plain" && size === 8),
];

mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/runs.json`, `${JSON.stringify(measured, null, 1)}\n`);
for (const comparison of comparisons) {
  const svg = figureOf(comparison);
  writeFileSync(`${folder}/${comparison.name}.svg`, svg);
  writeFileSync(`${folder}/${comparison.name}.png`, await renderPng(svg));
  console.log(`\n${tableOf(comparison)}`);
}
console.log(`\n${conclusionOf(measured)}\n\nThe plots    ${folder}/{plain,residual,width}.png (and .svg)`);
