import type { SyncBackend } from "../backend.js";
import { DisposedError } from "../errors.js";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { batchCaller, checkFinite, checkSymmetric } from "../validate.js";
import { eigenpairs, eigenvalues } from "./dsyev.js";
import { createReferenceMoments } from "./moments.js";

/**
 * A backend in plain TypeScript: the truth the others are tested against, and what remains where WebAssembly is
 * forbidden. Needs no loading and holds no memory of its own.
 *
 * @example
 * const backend = referenceBackend();
 * backend.eigvalsh({ order: 2, upper: Float64Array.of(2, 1, 2) }); // Float64Array [1, 3]
 */
export function referenceBackend(): SyncBackend {
  let disposed = false;
  const requireUse = (caller: string) => {
    if (disposed) throw new DisposedError(`${caller}: needs a backend that is in use, got a disposed one`);
  };
  const checkMatrix = (caller: string, a: SymmetricMatrix) => {
    requireUse(caller);
    checkSymmetric(caller, a);
    checkFinite(caller, a);
  };
  const dispose = () => {
    disposed = true;
  };
  return {
    name: "reference",
    epsilon: Number.EPSILON,
    createMoments(features) {
      requireUse("createMoments");
      return createReferenceMoments(features, () => disposed);
    },
    eigvalsh(a) {
      checkMatrix("eigvalsh", a);
      return eigenvalues(a);
    },
    eigvalshBatch(matrices) {
      requireUse("eigvalshBatch");
      matrices.forEach((a, index) => {
        checkMatrix(batchCaller(index), a);
      });
      return matrices.map(eigenvalues);
    },
    eigh(a) {
      checkMatrix("eigh", a);
      return eigenpairs(a);
    },
    topSpectrum(a) {
      checkMatrix("topSpectrum", a);
      return { values: eigenvalues(a).reverse(), complete: true };
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
