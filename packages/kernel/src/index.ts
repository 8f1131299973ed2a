export type { Backend, Eigh, Moments, SyncBackend, SyncMoments, TopSpectrum } from "./backend.js";
export { decodeState } from "./codec/decode-state.js";
export { encodeState } from "./codec/encode-state.js";
export { type Device, openDevice } from "./device.js";
export {
  BackendUnavailableError,
  DisposedError,
  NonFiniteError,
  NotConvergedError,
  OutOfMemoryError,
  ShapeError,
  StateFormatError,
  type StateFormatReason,
} from "./errors.js";
export { type LoadKernelOptions, loadKernel } from "./load.js";
export {
  type CovarianceOptions,
  covariance,
  emptyState,
  type MomentsState,
  mean,
  mergeStates,
} from "./moments-state.js";
export {
  type BackendOptions,
  openBackend,
  type TrackerDevice,
  type WebGPUModule,
  type WebGPURequest,
} from "./open-backend.js";
export type { GpuSamples, GpuValues, Pool, PoolMethod, SampleMatrix } from "./sample-matrix.js";
export {
  diagonal,
  packedLength,
  packUpper,
  type SymmetricMatrix,
  trace,
  unpackUpper,
} from "./symmetric-matrix.js";
export type { Simd } from "./wasm/simd-support.js";
export type { WasmBackend } from "./wasm/wasm-backend.js";
export type { WasmMoments } from "./wasm/wasm-moments.js";
