/** The entry `@delve/stats/statistics`: what is told of one matrix or spectrum, without trackers, writers and storages. */

export { type PrincipalOptions, principalProjection } from "./pca/principal-projection.js";
export {
  type Projection,
  project,
  projectionCoordinates,
  projectionMatrix,
  randomProjection,
} from "./pca/projection.js";
export { type RvsOptions, rvs } from "./pca/rvs.js";
export { isOnGpu } from "./sampling/layer-output.js";
export { type Spectrum, type SpectrumOptions, spectrumOf } from "./spectrum.js";
export { type IdimRule, intrinsicDimensionality } from "./statistics/intrinsic-dimensionality.js";
export { saturation } from "./statistics/saturation.js";
