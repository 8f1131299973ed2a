/** The entry `@delve/kernel/validation`: what another backend needs to refuse input as these backends do. */
export { checkFiniteSamples } from "./finite-samples.js";
export {
  type CheckedSamples,
  checkFeatures,
  checkSamples,
  checkState,
  checkView,
  nonFiniteSample,
  touchedRange,
} from "./validate.js";
