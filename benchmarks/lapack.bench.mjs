import { loadKernel, unpackUpper } from "@delve/kernel";
import { timed } from "./lib/clock.mjs";
import { openNumpy } from "./lib/peer.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { SPECTRA, withSpectrum } from "./lib/spectra.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";

export const title =
  "Decomposition of a d × d matrix of spectrum i⁻¹ against LAPACK dsyevd (ms: best (median))";

const ORDERS = [64, 128, 256, 512, 1024, 2048];

export async function run() {
  const kernel = await loadKernel();
  const numpy = await openNumpy();
  const rows = [];
  for (const order of ORDERS) {
    const matrix = withSpectrum(order, SPECTRA["i⁻¹"]);
    const all = { eigvalsh: () => kernel.eigvalsh(matrix), eigh: () => kernel.eigh(matrix).values };
    const cells = [];
    for (const [op, own] of Object.entries(all)) {
      cells.push(...(await compare(op, own, unpackUpper(matrix), order, numpy)));
    }
    rows.push([`${order}`, ...cells]);
  }
  numpy?.close();
  kernel.dispose();
  const blas = numpy ? numpy.blas : "NumPy not found";
  return table(["d", "eigvalsh", blas, "ratio", "eigh", blas, "ratio"], rows);
}

async function compare(op, own, dense, order, numpy) {
  const peer = await numpy?.prepare(op, dense, { order });
  const largest = own()[order - 1];
  if (peer && !(Math.abs(peer.check - largest) <= 1e-12 * order)) {
    throw new Error(`lapack: ${op} must find NumPy's largest value ${peer.check}, got ${largest}`);
  }
  const taken = await inTurn({ peer: peer?.sample, own: () => timed(own) }, { rounds: 3, time: 1500 });
  const both = (times) => (times ? `${milliseconds(times.least)} (${milliseconds(times.median)})` : "–");
  return [both(taken.own), both(taken.peer), ratio(taken.peer?.least, taken.own.least)];
}
