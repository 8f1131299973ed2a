import { loadKernel } from "@delve/kernel";
import { timed } from "./lib/clock.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { SPECTRA, withSpectrum } from "./lib/spectra.mjs";
import { milliseconds, ratio, table } from "./lib/table.mjs";

export const title = "Eigenvalues of 200 small matrices, spectrum i⁻¹ (ms: best (median))";

const ORDERS = [4, 8, 16, 32, 64, 128];
const COUNT = 200;

export async function run() {
  const kernel = await loadKernel();
  const rows = [];
  for (const order of ORDERS) {
    const matrices = Array.from({ length: COUNT }, () => withSpectrum(order, SPECTRA["i⁻¹"]));
    const { each, batch } = await inTurn(
      {
        each: () => timed(() => matrices.map((matrix) => kernel.eigvalsh(matrix))),
        batch: () => timed(() => kernel.eigvalshBatch(matrices)),
      },
      { rounds: 10, time: 800 },
    );
    const both = (times) => `${milliseconds(times.least)} (${milliseconds(times.median)})`;
    rows.push([`${order}`, both(each), both(batch), ratio(each.least, batch.least)]);
  }
  kernel.dispose();
  return table(["d", "eigvalsh, one by one", "eigvalshBatch", "ratio"], rows);
}
