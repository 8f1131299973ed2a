import process from "node:process";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import * as numpyTs from "numpy-ts";

/**
 * Matrix libraries for JavaScript, by name: XᵀX of n × d float32 samples and the eigenvalues of a d × d matrix, each in
 * the way that the library is fastest. Every function answers a number that depends on the whole result.
 *
 * `limit`: how many multiply-adds of a product it gets done in about a second.
 * `accuracy`: what may be lost of a trace; jax-js has nothing but float32.
 *
 * @returns {Promise<Record<string, { limit: number, accuracy: number, product: Function, eigvalsh: Function }>>}
 */
export async function openLibraries() {
  return { "ml-matrix": mlMatrix(), "numpy-ts": numpy(), "jax-js (float32)": await jax() };
}

function mlMatrix() {
  return {
    limit: 3e8,
    accuracy: 1e-6,
    product(data, n, d) {
      const x = Matrix.from1DArray(n, d, data);
      return () => x.transpose().mmul(x).trace();
    },
    eigvalsh(dense, d) {
      const matrix = Matrix.from1DArray(d, d, dense);
      const options = { assumeSymmetric: true };
      return () => Math.max(...new EigenvalueDecomposition(matrix, options).realEigenvalues);
    },
  };
}

function numpy() {
  // It takes all of its memory at once.
  numpyTs.configureWasm({ maxMemory: 2 ** 31 });
  return {
    limit: 2e9,
    accuracy: 1e-6,
    product(data, n, d) {
      const x = numpyTs.array(data).reshape(n, d);
      return () => {
        const wide = x.astype("float64");
        // Thirty times faster than with the transposed as a view.
        const transposed = numpyTs.ascontiguousarray(numpyTs.transpose(wide));
        return Number(numpyTs.trace(numpyTs.matmul(transposed, wide)));
      };
    },
    eigvalsh(dense, d) {
      const matrix = numpyTs.array(dense).reshape(d, d);
      return () => Math.max(...numpyTs.linalg.eigvalsh(matrix).data);
    },
  };
}

/** Its WebGPU back end needs a browser; under Node it has Wasm, once there is a `navigator` for it to ask. */
async function jax() {
  globalThis.navigator ??= { userAgent: `Node.js/${process.version}` };
  const { defaultDevice, init, numpy: np } = await import("@jax-js/jax");
  await init();
  defaultDevice("wasm");
  return {
    limit: 4e9,
    accuracy: 1e-3,
    product(data, n, d) {
      return async () => {
        const x = np.array(data).reshape([n, d]);
        return (await np.trace(np.matmul(x.ref.transpose(), x)).data())[0];
      };
    },
    eigvalsh(dense, d) {
      const single = Float32Array.from(dense);
      return async () => Math.max(...(await np.linalg.eigvalsh(np.array(single).reshape([d, d])).data()));
    },
  };
}
