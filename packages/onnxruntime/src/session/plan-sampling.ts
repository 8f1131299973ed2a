import type { WrapOptions } from "../options.js";
import type { Sampling, TapPlan } from "./layer-tap.js";

const NAMES: readonly (keyof Sampling)[] = [
  "convMethod",
  "timeseriesMethod",
  "interpolationStrategy",
  "interpolationDownsampling",
  "mask",
];

/**
 * Options with the sampling of a plan where they say nothing of their own.
 *
 * @throws {RangeError} If they say otherwise than the plan of a model that computes moments itself: what a sample is
 * has been settled there.
 */
export function withPlanSampling({ taps, sampling }: TapPlan, options: WrapOptions): WrapOptions {
  const said = NAMES.filter((name) => options[name] !== undefined);
  const isSettled = taps.some(({ where }) => where === "graph");
  const other = isSettled ? said.find((name) => options[name] !== sampling[name]) : undefined;
  if (other !== undefined) {
    throw new RangeError(
      `wrap: ${other} must be as \`instrument\` was given it, ${String(sampling[other])}, got ${String(options[other])}`,
    );
  }
  return { ...options, ...sampling, ...Object.fromEntries(said.map((name) => [name, options[name]])) };
}
