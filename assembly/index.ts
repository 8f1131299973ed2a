// Inner loops, exported so that the compiler does not inline them: V8 replaces baseline code by optimised code
// only where a function is entered anew.
export { dgemm_simd_4x4 } from "./blas/dgemm-4x4";
export { dgemm_simd_4x4_spread } from "./blas/dgemm-4x4-spread";
export { dgemm_simd_4x6 } from "./blas/dgemm-4x6";
export { dsymv_simd_4 } from "./blas/dsymv";
export { dlaed3_slice } from "./lapack/dlaed3";
export { dsterf_split, dsterf_sweeps } from "./lapack/dsterf";

export { useWideTiles } from "./blas/dgemmtr";
export { isRelaxed } from "./blas/simd";
export { dsyev, dsyevBytes, dsyevInit, dsyevValues, dsyevVectors } from "./lapack/dsyev";
export {
  topSpectrumAdvance,
  topSpectrumBytes,
  topSpectrumInit,
  topSpectrumStart,
  topSpectrumSums,
} from "./lapack/top-spectrum";
export { allocate, limitMemory, memoryInUse, release } from "./memory";
export { momentsBytes, momentsInit, momentsOffset, momentsReset, momentsShift } from "./moments/layout";
export { allFiniteF32, allFiniteF64, firstInfinite } from "./moments/scan";
export { momentsAddScatter, momentsGetScatter, momentsMergeMean } from "./moments/scatter";
export { momentsFlush, momentsUpdateF32, momentsUpdateF64 } from "./moments/update";
