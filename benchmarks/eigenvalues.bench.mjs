import { covariance, loadKernel, unpackUpper } from "@delve/kernel";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { measure } from "./lib/measure.mjs";
import { layerLike } from "./lib/random.mjs";
import { ratio, table, timing } from "./lib/table.mjs";

export const title = "Eigenvalues of a d × d covariance matrix (ms: best (mean ± deviation))";

const ORDERS = [64, 128, 256, 512, 1024];
/** Above it ml-matrix takes ten seconds and more. */
const ML_MATRIX_LIMIT = 512;

export async function run(torch) {
  const kernel = await loadKernel();
  const rows = [];
  for (const d of ORDERS) {
    const matrix = sampleCovariance(kernel, d);
    const dense = unpackUpper(matrix);
    const largest = kernel.eigvalsh(matrix)[d - 1];
    for (const op of ["eigvalsh", "eigh"]) {
      const own = await measure(() =>
        op === "eigh" ? kernel.eigh(matrix).values[0] : kernel.eigvalsh(matrix)[0],
      );
      // ml-matrix has no values-only form: both rows show its one decomposition.
      const ml = d <= ML_MATRIX_LIMIT ? await measureMlMatrix(dense, d, largest) : undefined;
      const py = await torch?.measure(op, dense, d, d);
      if (py) agree("PyTorch", py.check, largest);
      rows.push([
        `${op} ${d}`,
        timing(own),
        ml ? timing(ml) : "–",
        ratio(ml?.best, own.best),
        py ? timing(py) : "–",
        ratio(py?.best, own.best),
      ]);
    }
  }
  kernel.dispose();
  return table(["d", "delve", "ml-matrix", "ml-matrix / delve", "PyTorch", "PyTorch / delve"], rows);
}

function sampleCovariance(kernel, d) {
  const n = 4 * d;
  const moments = kernel.createMoments(d);
  moments.update({ data: layerLike(n, d, d), rows: n, features: d, rowStride: d, featureStride: 1 });
  const result = covariance(moments.state());
  moments.dispose();
  return result;
}

async function measureMlMatrix(dense, d, largest) {
  const matrix = Matrix.from1DArray(d, d, dense);
  const decompose = () =>
    Math.max(...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues);
  agree("ml-matrix", decompose(), largest);
  return measure(decompose, { iterations: 2, time: 0, warmup: false });
}

function agree(name, value, expected) {
  if (!(Math.abs(value - expected) <= 1e-9 * Math.abs(expected))) {
    throw new Error(`eigenvalues: ${name} must agree with delve's largest value ${expected}, got ${value}`);
  }
}
