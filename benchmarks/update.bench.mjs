import { covariance, trace } from "@delve/kernel";
import { layerLike } from "./lib/random.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";
import { openKernels, openUpdates, repeats, SHAPES } from "./lib/updates.mjs";

export const title = "One update with n × d float32 samples (ms: best (median); ratios: best, then median)";

export async function run(torch) {
  const kernels = await openKernels();
  const rows = [];
  for (const shape of SHAPES) rows.push(await measureShape(shape, kernels, torch));
  for (const kernel of Object.values(kernels)) kernel.dispose();
  const builds = Object.keys(kernels);
  const header = [
    "n × d",
    ...builds,
    torch ? `PyTorch (${torch.blas})` : "PyTorch not found",
    ...builds.map((simd) => `PyTorch / ${simd}`),
  ];
  return table(header, rows);
}

async function measureShape(shape, kernels, torch) {
  const [n, d] = shape;
  const data = layerLike(n, d, n + d);
  const details = { rows: n, features: d, repeat: repeats(shape) };
  const peer = await torch?.prepare("update", data, details);
  const opened = Object.entries(kernels).map(([simd, kernel]) => [simd, openUpdates(kernel, data, shape)]);
  const samplers = Object.fromEntries(opened.map(([simd, { sample }]) => [simd, sample]));
  if (peer) samplers.peer = async () => (await peer.sample()) / details.repeat;
  const taken = await inTurn(samplers);
  for (const [, { moments }] of opened) {
    if (peer) agree(peer.check, trace(covariance(moments.state())));
    moments.dispose();
  }
  const builds = Object.keys(kernels);
  const both = (name) =>
    taken[name] ? `${milliseconds(taken[name].least)} (${milliseconds(taken[name].median)})` : "–";
  const ratios = builds.map((simd) => compare(taken.peer, taken[simd]));
  return [`${n} × ${d}`, ...builds.map(both), both("peer"), ...ratios];
}

function compare(peer, own) {
  if (peer === undefined) return "–";
  return `${ratio(peer.least, own.least)}, ${ratio(peer.median, own.median)}`;
}

/** A peer that computes something else is no peer. */
function agree(value, expected) {
  if (!(Math.abs(value - expected) <= 1e-6 * Math.abs(expected))) {
    throw new Error(`update: PyTorch must agree with delve's trace ${expected}, got ${value}`);
  }
}
