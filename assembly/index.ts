// Exported so that the compiler does not inline it; see its comment.
export { dgemm_simd_4x4 } from "./blas/dgemm-4x4";
export { isRelaxed } from "./blas/simd";
export { dlasr_simd_8 } from "./lapack/dlasr";
export { dsyev, dsyevBytes, dsyevInit, dsyevValues, dsyevVectors } from "./lapack/dsyev";
export {
  topSpectrumAdvance,
  topSpectrumBytes,
  topSpectrumDiagonal,
  topSpectrumFinish,
  topSpectrumInit,
  topSpectrumOffDiagonal,
  topSpectrumRitz,
  topSpectrumSquares,
  topSpectrumStart,
  topSpectrumTrace,
  topSpectrumUnscale,
  topSpectrumValues,
} from "./lapack/top-spectrum";
export { allocate, limitMemory, memoryInUse, release } from "./memory";
export { momentsBytes, momentsInit, momentsOffset, momentsReset, momentsShift } from "./moments/layout";
export {
  allFiniteF32,
  allFiniteF64,
  firstInfinite,
  firstNonFiniteF32,
  firstNonFiniteF64,
} from "./moments/scan";
export { momentsAddScatter, momentsGetScatter, momentsMergeMean } from "./moments/scatter";
export { momentsFlush, momentsUpdateF32, momentsUpdateF64 } from "./moments/update";
