export { allocate, release, limitMemory, memoryInUse } from "./memory";
export { momentsBytes, momentsInit, momentsReset, momentsShift, momentsOffset } from "./moments/layout";
export { momentsUpdateF32, momentsUpdateF64, momentsFlush } from "./moments/update";
export { momentsGetScatter, momentsAddScatter, momentsMergeMean } from "./moments/scatter";
export { allFiniteF32, allFiniteF64, firstNonFiniteF32, firstNonFiniteF64, firstInfinite } from "./moments/scan";
// Exported so that the compiler does not inline it; see its comment.
export { dgemm_simd_4x4 } from "./blas/dgemm-4x4";
export { dsyevBytes, dsyevInit, dsyev, dsyevValues, dsyevVectors } from "./lapack/dsyev";
export { dlasr_simd_8 } from "./lapack/dlasr";
