/// <reference types="@webgpu/types" />
import { COLUMN_GRID, COLUMN_MEAN, COLUMN_RANGE, SLICE_ROWS } from "./wgsl/columns.js";
import { JOIN_LEVELS, tileProducts } from "./wgsl/products.js";

/** The compiled kernels, in the order in which a pass runs them; the first four only where rows are float32. */
export interface Programs {
  readonly columnRange: GPUComputePipeline;
  readonly columnMean: GPUComputePipeline;
  readonly columnGrid: GPUComputePipeline;
  readonly sliceRows: GPUComputePipeline;
  readonly tileProducts: GPUComputePipeline;
  readonly joinLevels: GPUComputePipeline;
}

/**
 * Compiles all kernels.
 *
 * @param packedDot - Whether the device's WGSL knows `dot4I8Packed`.
 */
export async function compilePrograms(device: GPUDevice, packedDot: boolean): Promise<Programs> {
  const compile = (label: string, code: string) =>
    device.createComputePipelineAsync({
      label: `delve ${label}`,
      layout: "auto",
      compute: { module: device.createShaderModule({ label: `delve ${label}`, code }) },
    });
  const [range, mean, grid, slice, products, join] = await Promise.all([
    compile("column range", COLUMN_RANGE),
    compile("column mean", COLUMN_MEAN),
    compile("column grid", COLUMN_GRID),
    compile("slice rows", SLICE_ROWS),
    compile("tile products", tileProducts(packedDot)),
    compile("join levels", JOIN_LEVELS),
  ]);
  return {
    columnRange: range,
    columnMean: mean,
    columnGrid: grid,
    sliceRows: slice,
    tileProducts: products,
    joinLevels: join,
  };
}
