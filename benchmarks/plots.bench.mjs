import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { loadKernel } from "@delve/kernel";
import { SaturationTracker } from "@delve/stats";
import { nodeFileStorage } from "@delve/stats/node";
import { layerProfile } from "@delve/stats/plot";
import { renderPng } from "@delve/stats/png";
import { layerLike, random } from "./lib/random.mjs";
import { milliseconds, table } from "./lib/table.mjs";

export const title = "Plots (ms)";

const LAYERS = [2, 30, 200];
const BATCH = 64;
/** The network of the example in Delve's documentation. */
const TWO_LAYERS = { linear1: 100, linear2: 10 };
const STEPS = 500;
/** What Python's Delve needs for a save of that example, CSV and two plots: quoted (Zen 4, one thread), not measured here. */
const DELVE = 290;

export async function run() {
  return `${await figuresTable()}\n\n${await exampleTable()}`;
}

/** One figure on this thread, the best of several. */
async function figuresTable() {
  const rows = [];
  for (const layers of LAYERS) {
    const profile = profileOf(layers);
    const svg = layerProfile(profile);
    const png = await renderPng(svg);
    rows.push([
      `${layers}`,
      milliseconds(await best(() => layerProfile(profile))),
      milliseconds(await best(() => renderPng(svg))),
      `${Math.round(png.length / 1000)} kB`,
    ]);
  }
  return table(["layers of one figure", "SVG", "PNG from it, scale 2", "size of the PNG"], rows);
}

function profileOf(count) {
  const next = random(count);
  const layers = Array.from({ length: count }, (_, i) => `features_${i}`);
  const series = [{ name: "train", values: layers.map(next), samples: layers.map(() => 50_000) }];
  return { title: "saturation", valueLabel: "saturation", valueScale: "share", layers, series };
}

async function best(action) {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await action();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** The example of Delve's documentation: train and eval recorded, saved and plotted at every step. */
async function exampleTable() {
  const folder = mkdtempSync(join(tmpdir(), "delve-bench-"));
  const backend = await loadKernel();
  const rows = [];
  try {
    for (const [name, options] of [
      ["csv", { saveTo: "csv" }],
      ["csvplot, SVG", { saveTo: "csvplot", writerArgs: { formats: ["svg"] } }],
      ["csvplot, SVG and PNG", { saveTo: "csvplot" }],
    ]) {
      const storage = nodeFileStorage({ root: join(folder, name.replace(/\W+/g, "-")) });
      const { loop, busy, processor, whole } = await example({
        backend,
        storage,
        savePath: "runs/two",
        ...options,
      });
      const ratio = name === "csv" ? "–" : `${(DELVE / whole).toPrecision(3)}×`;
      rows.push([name, ...[loop, busy, processor, whole].map(milliseconds), ratio]);
    }
  } finally {
    backend.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const header = [
    `two layers, two figures a save, ${STEPS} saves`,
    "a step, save awaited",
    "of which this thread works",
    "processor, all threads",
    "all drawn and closed, a save",
    `Delve's ${DELVE} ms (quoted) / delve`,
  ];
  return table(header, rows);
}

async function example(options) {
  const tracker = await SaturationTracker.open(options);
  const batches = Object.entries(TWO_LAYERS).map(([layer, features], i) => {
    return [layer, { data: layerLike(BATCH, features, i), shape: [BATCH, features] }];
  });
  const start = performance.now();
  const before = performance.eventLoopUtilization();
  const processorBefore = process.cpuUsage();
  for (let step = 0; step < STEPS; step++) {
    for (const phase of ["train", "eval"]) {
      for (const [layer, output] of batches) tracker.record(layer, output, { phase });
    }
    await tracker.addSaturations();
  }
  const loop = performance.now() - start;
  const busy = performance.eventLoopUtilization(before).active;
  await tracker.close();
  const whole = performance.now() - start;
  const { user, system } = process.cpuUsage(processorBefore);
  const processor = (user + system) / 1000;
  return { loop: loop / STEPS, busy: busy / STEPS, processor: processor / STEPS, whole: whole / STEPS };
}
