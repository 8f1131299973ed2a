// The routines behind the interface, exported by the debug build only, so that each can be tested alone.

export { sliceBytes } from "./blas/blocks";
export { dpack_n, dpack_t } from "./blas/dpack";
export { drot } from "./blas/drot";
export { dsymv } from "./blas/dsymv";
export { dsyr } from "./blas/dsyr";
export { dsyr2k, dsyr2kBytes } from "./blas/dsyr2k";
export { dsyrk } from "./blas/dsyrk";
export { rowsToTiles, tileIndex, tilesToRows } from "./blas/tiles";
export { ddot, dgemv_n, dgemv_t, dscaxpy } from "./blas/vectors";
export { dlarfb, dlarfbBytes } from "./lapack/dlarfb";
export { dlarfg, lastBeta } from "./lapack/dlarfg";
export { dlaed4, lastOffset, lastPole } from "./lapack/dlaed4";
export { dlasrt } from "./lapack/dlasrt";
export { dsterf } from "./lapack/dsterf";
