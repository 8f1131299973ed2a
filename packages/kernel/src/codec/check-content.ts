import { StateFormatError } from "../errors.js";
import type { MomentsState } from "../moments-state.js";
import { diagonal } from "../symmetric-matrix.js";
import { checkState } from "../validate.js";

/** Refuses a state that no accumulator can have produced, so that none is ever written or read. */
export function checkContent(caller: string, state: MomentsState): void {
  try {
    checkState(caller, state);
  } catch (error) {
    throw new StateFormatError((error as Error).message, "content");
  }
  const { features, count } = state;
  const refuse = (message: string): never => {
    throw new StateFormatError(`${caller}: ${message}`, "content");
  };
  const variances = diagonal({ order: features, upper: state.scatter });
  const negative = variances.findIndex((value) => value < 0);
  if (negative >= 0) {
    refuse(`the diagonal of scatter must not be negative, got ${variances[negative]} at feature ${negative}`);
  }
  for (const part of ["shift", "offset", "scatter"] as const) {
    if (count === 0 && state[part].some((value) => value !== 0)) {
      refuse(`${part} must be zero when there are no samples, got other values`);
    }
  }
}
