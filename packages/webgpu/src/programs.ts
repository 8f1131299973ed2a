/// <reference types="@webgpu/types" />
import { COLUMN_GRID, COLUMN_MEAN, COLUMN_RANGE, SLICE_ROWS } from "./wgsl/columns.js";
import { JOIN_LEVELS } from "./wgsl/products.js";

/** The compiled kernels, in the order in which a pass runs them; the first four only where rows are float32. */
export interface Programs {
  readonly columnRange: GPUComputePipeline;
  readonly columnMean: GPUComputePipeline;
  readonly columnGrid: GPUComputePipeline;
  readonly sliceRows: GPUComputePipeline;
  readonly tileProducts: GPUComputePipeline;
  readonly joinLevels: GPUComputePipeline;
}

/** Compiles all kernels but the one of products, which a device has a choice of. */
export async function compilePrograms(device: GPUDevice): Promise<Omit<Programs, "tileProducts">> {
  const [columnRange, columnMean, columnGrid, sliceRows, joinLevels] = await Promise.all([
    compile(device, "column range", COLUMN_RANGE),
    compile(device, "column mean", COLUMN_MEAN),
    compile(device, "column grid", COLUMN_GRID),
    compile(device, "slice rows", SLICE_ROWS),
    compile(device, "join levels", JOIN_LEVELS),
  ]);
  return { columnRange, columnMean, columnGrid, sliceRows, joinLevels };
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
