// What somebody waits for who has just installed a library: prints, as JSON, the milliseconds that importing it takes, that
// the saturation of a small matrix takes then, and both. The argument names the library.
import process from "node:process";
import { layerLike } from "./random.mjs";

const [ROWS, FEATURES, THRESHOLD] = [200, 20, 0.99];

const LIBRARIES = {
  "@delve/core": {
    load: () => import("@delve/core"),
    saturation: ({ saturation }, rows) => saturation(rows, { threshold: THRESHOLD }),
  },
  "ml-matrix": {
    load: () => import("ml-matrix"),
    saturation({ EigenvalueDecomposition, Matrix }, rows) {
      const centred = new Matrix(rows).center("column");
      const covariance = centred.transpose().mmul(centred).div(centred.rows);
      const { realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
      const descending = [...realEigenvalues].sort((a, b) => b - a);
      const needed = THRESHOLD * descending.reduce((sum, value) => sum + value, 0);
      let [count, explained] = [0, 0];
      while (explained < needed) explained += descending[count++];
      return count / FEATURES;
    },
  },
};

const data = layerLike(ROWS, FEATURES, 1);
const rows = Array.from({ length: ROWS }, (_, i) =>
  Array.from(data.subarray(i * FEATURES, (i + 1) * FEATURES)),
);
const { load, saturation } = LIBRARIES[process.argv[2]];
const start = performance.now();
const library = await load();
const imported = performance.now() - start;
const result = await saturation(library, rows);
const total = performance.now() - start;
console.log(JSON.stringify({ imported, first: total - imported, total, result }));
