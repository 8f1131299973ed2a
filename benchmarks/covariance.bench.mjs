import { covariance, loadKernel, trace } from "@delve/kernel";
import { Matrix, covariance as mlCovariance } from "ml-matrix";
import { measure } from "./lib/measure.mjs";
import { layerLike } from "./lib/random.mjs";
import { ratio, table, timing } from "./lib/table.mjs";

export const title = "Covariance of n × d float32 samples (ms: best (mean ± deviation))";

const SHAPES = [
  [64, 1000],
  [1024, 256],
  [65536, 64],
  [16384, 256],
  [4096, 512],
  [2048, 2048],
];
/** Multiply-adds beyond which ml-matrix would take half a minute. */
const ML_MATRIX_LIMIT = 1.2e9;

export async function run(torch) {
  const kernel = await loadKernel();
  const rows = [];
  for (const [n, d] of SHAPES) {
    const data = layerLike(n, d, n + d);
    const moments = kernel.createMoments(d);
    const own = await measure(() => {
      moments.reset();
      moments.update({ data, rows: n, features: d, rowStride: d, featureStride: 1 });
      return moments.state().count;
    });
    const check = trace(covariance(moments.state()));
    moments.dispose();

    const ml = n * d * d <= ML_MATRIX_LIMIT ? await measureMlMatrix(data, n, d, check) : undefined;
    const py = await torch?.measure("covariance", data, n, d);
    if (py) agree("PyTorch", py.check, check);
    const gflops = (n * d * (d + 1)) / own.best / 1e6;
    rows.push([
      `${n} × ${d}`,
      timing(own),
      gflops.toFixed(1),
      ml ? timing(ml) : "–",
      ratio(ml?.best, own.best),
      py ? timing(py) : "–",
      ratio(py?.best, own.best),
    ]);
  }
  kernel.dispose();
  const header = [
    "n × d",
    "delve",
    "GFLOP/s",
    "ml-matrix",
    "ml-matrix / delve",
    "PyTorch",
    "PyTorch / delve",
  ];
  return table(header, rows);
}

async function measureMlMatrix(data, n, d, check) {
  const matrix = Matrix.from1DArray(n, d, data);
  agree("ml-matrix", (mlCovariance(matrix).trace() * (n - 1)) / n, check);
  return measure(() => mlCovariance(matrix).get(0, 0), { iterations: 2, time: 0, warmup: false });
}

/** A peer that computes something else is no peer. */
function agree(name, value, expected) {
  if (!(Math.abs(value - expected) <= 1e-6 * Math.abs(expected))) {
    throw new Error(`covariance: ${name} must agree with delve's trace ${expected}, got ${value}`);
  }
}
