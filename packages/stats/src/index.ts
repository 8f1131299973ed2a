export { layerName } from "./layer-name.js";
export { consoleLog, type Log, type LogLevel } from "./log.js";
export { nearestName, unknownName } from "./names.js";
export {
  type OnError,
  resolveOptions,
  TRACKER_OPTIONS,
  type TrackerOptions,
  type TrackerSettings,
} from "./options.js";
export { MEAN_MODES, type MeanMode, type PcaOptions, PcaSubspace } from "./pca/pca-subspace.js";
export { type PrincipalOptions, principalProjection } from "./pca/principal-projection.js";
export {
  type Projection,
  project,
  projectionCoordinates,
  projectionMatrix,
  randomProjection,
} from "./pca/projection.js";
export { type PcaRule, pcaRank } from "./pca/rank.js";
export { normalSource, type RvsOptions, rvs } from "./pca/rvs.js";
export {
  createProgress,
  type Progress,
  type ProgressInfo,
  type ProgressOptions,
  type ProgressStream,
} from "./progress.js";
export type {
  MatrixValue,
  Phase,
  SaveRecord,
  ScalarRecord,
  StatRecord,
  StatValue,
  TidyRecord,
} from "./records.js";
export { interpolate } from "./sampling/interpolate.js";
export {
  isOnGpu,
  type LayerOutput,
  type Layout,
  type OutputData,
  type OutputKind,
} from "./sampling/layer-output.js";
export { INTERPOLATION_STRATEGIES, type InterpolationStrategy } from "./sampling/resample-table.js";
export {
  CONV_METHODS,
  type ConvMethod,
  type SamplingOptions,
  sampleMatrixOf,
  TIMESERIES_METHODS,
  type TimeseriesMethod,
} from "./sampling/sample-matrix-of.js";
export { type Spectrum, type SpectrumOptions, spectrumOf } from "./spectrum.js";
export { covarianceDeterminant, covarianceLogDeterminant } from "./statistics/covariance-determinant.js";
export { covarianceMatrix } from "./statistics/covariance-matrix.js";
export { covarianceTrace } from "./statistics/covariance-trace.js";
export { diagonalTrace } from "./statistics/diagonal-trace.js";
export { embedding } from "./statistics/embedding.js";
export { type IdimRule, intrinsicDimensionality } from "./statistics/intrinsic-dimensionality.js";
export { resolveStatistics, STATISTICS } from "./statistics/registry.js";
export { saturation } from "./statistics/saturation.js";
export type { Need, Statistic, StatisticContext } from "./statistics/statistic.js";
export { memoryStorage } from "./storage/memory-storage.js";
export { type DirectoryHandle, type FileHandle, opfsStorage } from "./storage/opfs-storage.js";
export type { Storage } from "./storage/storage.js";
export { type UnstorageLike, unstorageStorage } from "./storage/unstorage-storage.js";
export { downloadZip, type ZipOptions, zipOf } from "./storage/zip.js";
export { type RecordOptions, SaturationTracker, SaturationTracker as CheckLayerSat } from "./tracker.js";
export { CsvWriter, columnName } from "./writers/csv-writer.js";
export { decodeJsonl, encodeJsonl, type JsonlRow } from "./writers/jsonl.js";
export { JsonlWriter } from "./writers/jsonl-writer.js";
export { decodeNpy, encodeNpy, type NpyArray } from "./writers/npy.js";
export { listNpyTree, type NpyColumn } from "./writers/npy-tree.js";
export { NpyWriter, type NpyWriterOptions } from "./writers/npy-writer.js";
export { saveAsLines } from "./writers/print-lines.js";
export { type PrintStyle, PrintWriter, type PrintWriterOptions, saveAsText } from "./writers/print-writer.js";
export { WRITER_KEYS } from "./writers/registry.js";
export { TensorBoardWriter } from "./writers/tensorboard-writer.js";
export type { Run, Writer } from "./writers/writer.js";
