import type { LayerOutput, TimeseriesMethod } from "@delve/stats";
import type { OrtTensor } from "./ort-types.js";

/** Which steps of a batch of sequences are real: `keep[s · steps + t]` of sample s and step t. */
export interface Mask {
  readonly samples: number;
  readonly steps: number;
  readonly keep: readonly boolean[];
}

/**
 * The mask that a feed holds: of shape [samples, steps], whole numbers or bools, where everything but zero is kept.
 * `null` if the run has no such feed, or it has another shape.
 */
export function maskOf(feed: OrtTensor | undefined): Mask | null {
  if (feed === undefined || feed.dims.length !== 2) return null;
  const [samples, steps] = feed.dims as [number, number];
  return { samples, steps, keep: Array.from(feed.data, (value) => Number(value) !== 0) };
}

/**
 * A layer's output without the steps that are only padding, as rows: all real steps for `tokenwise`, the last real
 * one of each sample for `last_timestep`. An output that has not the mask's samples and steps is left as it is.
 *
 * @returns `null` if nothing remains.
 */
export function withoutPadding(
  output: LayerOutput,
  { samples, steps, keep }: Mask,
  method: TimeseriesMethod,
): LayerOutput | null {
  const { data, shape, kind } = output;
  const inSteps = kind === "sequence" && shape[0] === samples && shape[1] === steps;
  const inRows = kind === "dense" && steps > 1 && shape[0] === samples * steps;
  if (!inSteps && !inRows) return output;
  const isLast = (at: number): boolean =>
    !keep.slice(at + 1, (Math.floor(at / steps) + 1) * steps).includes(true);
  const rows = [...keep.keys()].filter((at) => keep[at] && (method === "tokenwise" || isLast(at)));
  if (rows.length === 0) return null;
  const features = shape.at(-1)!;
  const kept = data.slice(0, rows.length * features);
  rows.forEach((from, to) => {
    kept.set(data.subarray(from * features, (from + 1) * features), to * features);
  });
  return { data: kept, shape: [rows.length, features], kind: "dense" };
}
