import { openPeak } from "./lib/peak.mjs";
import { openNumpy } from "./lib/peer.mjs";
import { layerLike } from "./lib/random.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { table } from "./lib/table.mjs";
import { openKernels, openUpdates, operations, repeats, SHAPES } from "./lib/updates.mjs";

export const title =
  "Accumulating n × d float32 samples (GFLOP/s: best (median); share: best of the 128-bit peak in the same run)";

export async function run() {
  const kernels = await openKernels();
  const numpy = await openNumpy();
  const peaks = {};
  for (const simd of Object.keys(kernels)) peaks[simd] = await openPeak(simd);
  const rows = [];
  for (const shape of SHAPES) rows.push(await measureShape(shape, kernels, peaks, numpy));
  const blas = numpy ? `${numpy.blas}, dsyrk of float64` : "NumPy not found";
  numpy?.close();
  for (const kernel of Object.values(kernels)) kernel.dispose();
  const columns = Object.keys(kernels).flatMap((simd) => [simd, `peak ${simd}`, `share ${simd}`]);
  return table(["n × d", ...columns, blas], rows);
}

async function measureShape(shape, kernels, peaks, numpy) {
  const [n, d] = shape;
  const data = layerLike(n, d, n + d);
  const details = { rows: n, features: d, repeat: repeats(shape) };
  const peer = await numpy?.prepare("dsyrk", data, details);
  const samplers = { peer: peer && (async () => (await peer.sample()) / details.repeat) };
  const opened = [];
  for (const [simd, kernel] of Object.entries(kernels)) {
    const { moments, sample } = openUpdates(kernel, data, shape);
    opened.push(moments);
    samplers[simd] = sample;
    samplers[`peak ${simd}`] = peaks[simd];
  }
  const taken = await inTurn(samplers);
  for (const moments of opened) moments.dispose();
  const speed = (milliseconds) => operations(shape) / milliseconds / 1e6;
  const both = ({ least, median }) => `${speed(least).toFixed(1)} (${speed(median).toFixed(1)})`;
  const cells = Object.keys(kernels).flatMap((simd) => {
    const peak = taken[`peak ${simd}`].most;
    return [both(taken[simd]), peak.toFixed(1), (speed(taken[simd].least) / peak).toFixed(2)];
  });
  return [`${n} × ${d}`, ...cells, taken.peer ? both(taken.peer) : "–"];
}
