import type { GpuValues } from "@delve/kernel";
import type { LayerOutput } from "@delve/stats";
import { isOnGpu } from "@delve/stats/statistics";
import type { AxesOptions } from "./as-layer-output.js";

/** float32 values that lie in a buffer of the GPUDevice that a tracker's backend computes on, row-major without gaps. */
export interface GpuBatch {
  readonly data: GpuValues;
  readonly shape: readonly number[];
}

/** A batch on a GPU as a layer's output; `null` if it is something else. */
export function asGpuOutput(x: unknown, { layout, kind }: AxesOptions): LayerOutput<GpuValues> | null {
  if (typeof x !== "object" || x === null || !("data" in x && "shape" in x)) return null;
  const { data, shape } = x as GpuBatch;
  if (!isOnGpu(data)) return null;
  const axes = { ...(layout !== undefined && { layout }), ...(kind !== undefined && { kind }) };
  return { data, shape: Array.from(shape), ...axes };
}
