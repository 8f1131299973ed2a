/// <reference types="@webgpu/types" />
import type { Mode } from "./mode.js";
import { COLUMN_GRID, COLUMN_MEAN, COLUMN_RANGE, SLICE_ROWS } from "./wgsl/columns.js";
import { JOIN_LEVELS } from "./wgsl/products.js";
import { SCALE_ROWS } from "./wgsl/scaled.js";

/** The compiled kernels, in the order in which a pass runs them; the first four only where rows are float32. */
export interface Programs {
  readonly columnRange: GPUComputePipeline;
  readonly columnMean: GPUComputePipeline;
  readonly columnGrid: GPUComputePipeline;
  readonly operands: GPUComputePipeline;
  readonly products: GPUComputePipeline;
  /** Not in the mode "fast". */
  readonly join: GPUComputePipeline | null;
}

/** Compiles all kernels of a mode but the one of products, which a device has a choice of. */
export async function compilePrograms(device: GPUDevice, mode: Mode): Promise<Omit<Programs, "products">> {
  const exact = mode === "exact";
  const [columnRange, columnMean, columnGrid, operands, join] = await Promise.all([
    compile(device, "column range", COLUMN_RANGE),
    compile(device, "column mean", COLUMN_MEAN),
    compile(device, "column grid", COLUMN_GRID),
    exact ? compile(device, "slice rows", SLICE_ROWS) : compile(device, "scale rows", SCALE_ROWS),
    exact ? compile(device, "join levels", JOIN_LEVELS) : null,
  ]);
  return { columnRange, columnMean, columnGrid, operands, join };
}

/** Compiles one kernel; rejected where the device cannot. */
export function compile(device: GPUDevice, kernel: string, code: string): Promise<GPUComputePipeline> {
  const label = `delve ${kernel}`;
  // What is wrong with a module is told by the pipeline, too; unheard, it would go to the console.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code });
  device.popErrorScope().catch(() => {});
  return device.createComputePipelineAsync({ label, layout: "auto", compute: { module } });
}
