import { loadKernel, unpackUpper } from "@delve/kernel";
import { intrinsicDimensionality } from "@delve/stats";
import { stopwatch } from "./lib/clock.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { SPECTRA, withSpectrum } from "./lib/spectra.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";

export const title =
  "Saturation of a d × d covariance against Delve's compute_saturation in PyTorch (ms: best (median))";

const ORDERS = [64, 128, 256, 512, 1024, 2048];
const THRESHOLD = 0.99;

export async function run(torch) {
  const kernel = await loadKernel();
  const rows = [];
  for (const name of ["flat", "i⁻¹", "i⁻²"]) {
    for (const order of ORDERS) rows.push(await measure(kernel, name, order, torch));
  }
  kernel.dispose();
  return table(["spectrum, d", "delve", "PyTorch", "PyTorch / delve: best", "median", "saturation"], rows);
}

async function measure(kernel, name, order, torch) {
  const matrix = withSpectrum(order, SPECTRA[name]);
  const peer = await torch?.prepare("saturation", unpackUpper(matrix), { order, threshold: THRESHOLD });
  const own = saturation(kernel, matrix);
  if (peer && peer.check !== own) {
    throw new Error(
      `saturation: PyTorch must agree with delve's ${own} at ${name}, ${order}, got ${peer.check}`,
    );
  }
  const sample = () => {
    const elapsed = stopwatch();
    saturation(kernel, matrix);
    return elapsed();
  };
  const rounds = order > 1024 ? 2 : 4;
  const taken = await inTurn(
    { own: sample, peer: peer?.sample },
    { rounds, time: 800, warmUp: order <= 1024 },
  );
  const both = (times) => (times ? `${milliseconds(times.least)} (${milliseconds(times.median)})` : "–");
  const ratios = ["least", "median"].map((which) => ratio(taken.peer?.[which], taken.own[which]));
  return [`${name}, ${order}`, both(taken.own), both(taken.peer), ...ratios, own.toFixed(4)];
}

/** What the statistic `lsat` does with a covariance matrix. */
function saturation(kernel, matrix) {
  const { values, complete } = kernel.topSpectrum(matrix, THRESHOLD);
  const dimensions = complete ? intrinsicDimensionality(values, THRESHOLD) : values.length;
  return dimensions / matrix.order;
}
