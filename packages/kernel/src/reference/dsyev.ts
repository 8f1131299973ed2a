import type { Eigh } from "../backend.js";
import { NotConvergedError } from "../errors.js";
import { type SymmetricMatrix, unpackUpper } from "../symmetric-matrix.js";
import { dorgtr } from "./dorgtr.js";
import { dsteqr } from "./dsteqr.js";
import { dsytrd } from "./dsytrd.js";
import { scaleByPowerOfTwo, unitExponent } from "./scaling.js";

/** Eigenvalues of a symmetric matrix, ascending (LAPACK dsyev, JOBZ='N'). */
export function eigenvalues(a: SymmetricMatrix): Float64Array {
  const { order } = a;
  const { d, e, exponent } = tridiagonalise(a);
  requireConvergence("eigvalsh", dsteqr(order, d, e, null));
  scaleByPowerOfTwo(d, -exponent);
  return d.sort();
}

/** Eigenvalues, ascending, and eigenvectors of a symmetric matrix (LAPACK dsyev, JOBZ='V'). */
export function eigenpairs(a: SymmetricMatrix): Eigh {
  const { order } = a;
  const { d, e, tau, reflectors, exponent } = tridiagonalise(a);
  const zt = dorgtr(order, reflectors, tau);
  requireConvergence("eigh", dsteqr(order, d, e, zt));
  scaleByPowerOfTwo(d, -exponent);
  return sortPairs(order, d, zt);
}

/** T of 2^exponent · A. The scaling is exact and keeps squares and products inside the range of float64. */
function tridiagonalise(a: SymmetricMatrix) {
  const reflectors = unpackUpper(a);
  const exponent = unitExponent(reflectors);
  scaleByPowerOfTwo(reflectors, exponent);
  return { ...dsytrd(a.order, reflectors), reflectors, exponent };
}

function requireConvergence(caller: string, info: number): void {
  if (info === 0) return;
  throw new NotConvergedError(`${caller}: all off-diagonals must vanish, got ${info} that did not`, info);
}

/** Values ascending; row k of `zt` becomes the column of its value. */
function sortPairs(n: number, d: Float64Array, zt: Float64Array): Eigh {
  const ascending = Array.from(d.keys()).sort((i, j) => d[i]! - d[j]!);
  const vectors = new Float64Array(n * n);
  ascending.forEach((row, column) => {
    for (let i = 0; i < n; i++) vectors[i * n + column] = zt[row * n + i]!;
  });
  return { values: Float64Array.from(ascending, (k) => d[k]!), vectors };
}
