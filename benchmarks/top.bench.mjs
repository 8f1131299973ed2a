import { loadKernel } from "@delve/kernel";
import { timed } from "./lib/clock.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { SPECTRA, withSpectrum } from "./lib/spectra.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";

export const title =
  "The leading eigenvalues that carry 99 % of the variance against all of them (ms: best (median))";

const ORDERS = [64, 128, 256, 512, 1024, 2048];

export async function run() {
  const kernel = await loadKernel();
  const rows = [];
  for (const [name, spectrum] of Object.entries(SPECTRA)) {
    for (const order of ORDERS) rows.push(await measureSpectrum(kernel, name, order, spectrum));
  }
  kernel.dispose();
  return table(["spectrum, d", "eigvalsh", "topSpectrum", "ratio", "leading"], rows);
}

async function measureSpectrum(kernel, name, order, spectrum) {
  const matrix = withSpectrum(order, spectrum);
  const { values, complete } = kernel.topSpectrum(matrix, 0.99);
  const samplers = {
    all: () => timed(() => kernel.eigvalsh(matrix)),
    top: () => timed(() => kernel.topSpectrum(matrix, 0.99)),
  };
  const { all, top } = await inTurn(samplers, { rounds: 4, time: 1000 });
  const both = (times) => `${milliseconds(times.least)} (${milliseconds(times.median)})`;
  return [
    `${name}, ${order}`,
    both(all),
    both(top),
    ratio(all.least, top.least),
    complete ? "all" : `${values.length}`,
  ];
}
