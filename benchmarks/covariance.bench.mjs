import { covariance, loadKernel, trace } from "@delve/kernel";
import { stopwatch, timed } from "./lib/clock.mjs";
import { openLibraries } from "./lib/libraries.mjs";
import { layerLike } from "./lib/random.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";

export const title =
  "Covariance of n × d float32 samples; XᵀX alone by libraries for JavaScript (ms: best (median); ratios: best)";

const SHAPES = [
  [64, 1000],
  [1024, 256],
  [65536, 64],
  [16384, 256],
  [4096, 512],
  [2048, 2048],
];

export async function run(torch) {
  const kernel = await loadKernel();
  const libraries = await openLibraries();
  const rows = [];
  for (const shape of SHAPES) rows.push(await measureShape(shape, kernel, torch, libraries));
  kernel.dispose();
  const names = ["PyTorch", ...Object.keys(libraries)];
  return table(["n × d", "delve", ...names.flatMap((name) => [name, `${name} / delve`])], rows);
}

async function measureShape([n, d], kernel, torch, libraries) {
  const data = layerLike(n, d, n + d);
  const moments = kernel.createMoments(d);
  const accumulate = () => {
    moments.reset();
    moments.update({ data, rows: n, features: d, rowStride: d, featureStride: 1 });
    return trace(covariance(moments.state()));
  };
  const peer = await torch?.prepare("covariance", data, { rows: n, features: d });
  if (peer) agree("PyTorch", peer.check, accumulate(), 1e-6);
  const taken = await inTurn({ own: () => timed(accumulate), peer: peer?.sample }, { time: 1000 });
  moments.dispose();
  const times = [taken.peer];
  for (const [name, library] of Object.entries(libraries)) {
    times.push(n * d * d > library.limit ? undefined : await measureLibrary(name, library, data, n, d));
  }
  const both = (summary) =>
    summary ? `${milliseconds(summary.least)} (${milliseconds(summary.median)})` : "–";
  const cells = times.flatMap((summary) => [both(summary), ratio(summary?.least, taken.own.least)]);
  return [`${n} × ${d}`, both(taken.own), ...cells];
}

async function measureLibrary(name, { product, accuracy }, data, n, d) {
  const multiply = product(data, n, d);
  const squares = data.reduce((sum, x) => sum + x * x, 0);
  const sample = async () => {
    const elapsed = stopwatch();
    const found = await multiply();
    const time = elapsed();
    agree(name, found, squares, accuracy);
    return time;
  };
  return (await inTurn({ sample }, { rounds: 2, time: 300 })).sample;
}

/** A peer that computes something else is no peer. */
function agree(name, value, expected, accuracy) {
  if (!(Math.abs(value - expected) <= accuracy * Math.abs(expected))) {
    throw new Error(`covariance: ${name} must agree on the trace ${expected}, got ${value}`);
  }
}
