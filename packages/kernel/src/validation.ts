/** The entry `@delve/kernel/validation`: what another backend needs to refuse input as these backends do, and to add up as they do. */
export { addCompensated } from "./compensated.js";
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
