export type { Backend, Eigh, Moments, SyncBackend, SyncMoments } from "./backend.js";
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
export type { MomentsState } from "./moments-state.js";
export type { SampleMatrix } from "./sample-matrix.js";
export type { SymmetricMatrix } from "./symmetric-matrix.js";
