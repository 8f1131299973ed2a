export type { BackendOptions, Device, TrackerDevice, WebGPUModule } from "@delve/kernel";
export {
  type Backend,
  BackendUnavailableError,
  type CovarianceOptions,
  DisposedError,
  decodeState,
  emptyState,
  encodeState,
  loadKernel,
  type MomentsState,
  mergeStates,
  NonFiniteError,
  NotConvergedError,
  OutOfMemoryError,
  ShapeError,
  StateFormatError,
  type StateFormatReason,
  type SyncBackend,
} from "@delve/kernel";
export type {
  ConvMethod,
  IdimRule,
  Layout,
  Log,
  OutputKind,
  Phase,
  RvsOptions,
  SaveRecord,
  ScalarRecord,
  Statistic,
  StatRecord,
  Storage,
  TimeseriesMethod,
  Writer,
} from "@delve/stats";
export { memoryStorage } from "@delve/stats/storage";
export {
  CovarianceMatrix,
  CovarianceMatrix as TorchCovarianceMatrix,
  type CovarianceMatrixOptions,
} from "./covariance-matrix.js";
export type { Delve, EighOptions, EighResult, SaturationOptions } from "./delve.js";
export type { DeviceOptions } from "./device.js";
export {
  covariance,
  eigh,
  eigvalsh,
  intrinsicDimensionality,
  type LoadDelveOptions,
  loadDelve,
  pca,
  rvs,
  saturation,
  spectrum,
} from "./functions.js";
export type { Uplo } from "./input/as-samples.js";
export type { GpuBatch } from "./input/gpu-batch.js";
export type {
  DimsTensor,
  MatrixInput,
  NestedNumbers,
  NestedRows,
  Numbers,
  ReadableTensor,
  ShapedData,
} from "./input/matrix-input.js";
export { Matrix } from "./matrix.js";
export {
  type RecordOptions,
  SaturationTracker,
  SaturationTracker as CheckLayerSat,
  type TrackerOptions,
} from "./saturation-tracker.js";
export { type PcaOptions, PrincipalSubspace } from "./subspace.js";
