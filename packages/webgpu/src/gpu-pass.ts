/// <reference types="@webgpu/types" />
import { combine, type PassResult } from "./combine.js";
import { type Geometry, GRID_WORDS, geometryOf, LEVELS, LIMBS, TILE, tilesBetween } from "./geometry.js";
import { decodeGrid, type Grid } from "./grid.js";
import type { PackedRows } from "./packed-rows.js";
import type { Programs } from "./programs.js";
import { sliceFloat64 } from "./slice-float64.js";
import { REDUCED_ROWS } from "./wgsl/columns.js";
import { encodeParams } from "./wgsl/params.js";
import type { Workspace } from "./workspace.js";

/** Workgroups of products that keep a large GPU busy; where there are fewer tiles, rows are dealt out, too. */
const ENOUGH_WORKGROUPS = 512;

/** Groups for which it pays to have a workgroup of their own. */
const LEAST_GROUPS = 64;

/** Tiles in a row of workgroups of `JOIN_LEVELS`. */
const JOIN_ROW = 16384;

/** What passes run on. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly programs: Programs;
  readonly workspace: Workspace;
}

/** A run of tile columns whose products fit a binding. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** Results on their way back: read once the queue has come so far. */
interface Readback {
  readonly buffer: GPUBuffer;
  readonly size: number;
}

/**
 * Queues a pass over rows that it reads before it returns. One submission for each run, of which there is one unless
 * the layer is very wide.
 *
 * @returns The moments of the rows, when the device has come so far. Rejected when it is lost or has no memory.
 */
export function runPass(gpu: Gpu, rows: PackedRows): Promise<PassResult> {
  const { device, workspace } = gpu;
  const geometry = geometryOf(rows.count, rows.features);
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const begin = device.createCommandEncoder();
  const gridOf = rows.values instanceof Float64Array ? uploadSlices : sliceOnGpu;
  const grid = gridOf(gpu, begin, rows, geometry);
  const readbacks = runsOf(geometry, device.limits.maxStorageBufferBindingSize).map((run, k) =>
    submitRun(gpu, k === 0 ? begin : device.createCommandEncoder(), geometry, run),
  );
  const problems = [device.popErrorScope(), device.popErrorScope()];
  const results = readbacks.map(({ buffer, size }) => workspace.read(buffer, size));
  return finish(problems, results, grid(), geometry);
}

async function finish(
  problems: Promise<GPUError | null>[],
  results: Promise<Uint32Array>[],
  grid: Promise<Grid>,
  geometry: Geometry,
): Promise<PassResult> {
  // All of them, lest one that fails later is nobody's.
  const outcomes = await Promise.allSettled([...problems, ...results, grid]);
  for (const outcome of outcomes.slice(0, problems.length)) {
    if (outcome.status === "fulfilled" && outcome.value !== null) throw outcome.value;
  }
  const parts = await Promise.all(results);
  const limbs = parts.length === 1 ? parts[0]! : concatenate(parts);
  return combine(limbs, await grid, geometry);
}

/** float64: values are sliced here, and only their digits are sent. */
function uploadSlices(
  { device, workspace }: Gpu,
  _encoder: GPUCommandEncoder,
  rows: PackedRows,
  geometry: Geometry,
): () => Promise<Grid> {
  const { bytes, grid } = sliceFloat64(rows.values as Float64Array, geometry);
  device.queue.writeBuffer(workspace.take("slices", geometry.sliceBytes).buffer, 0, bytes);
  return async () => grid;
}

/** float32: values are sent as they are and sliced by the device. */
function sliceOnGpu(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  rows: PackedRows,
  geometry: Geometry,
): () => Promise<Grid> {
  const { device, programs, workspace } = gpu;
  const { features, groups, columns, sliceBytes } = geometry;
  const values = rows.values as Float32Array<ArrayBuffer>;
  const params = { buffer: workspace.params };
  const data = workspace.take("rows", values.byteLength);
  const extremes = workspace.take("extremes", features * 8);
  const means = workspace.take("means", features * 4);
  const grid = workspace.take("grid", features * GRID_WORDS * 4);
  const slices = workspace.take("slices", sliceBytes);
  device.queue.writeBuffer(data.buffer, 0, values);
  encoder.clearBuffer(extremes.buffer, 0, extremes.size!);
  encoder.clearBuffer(means.buffer, 0, means.size!);
  const blocks: [number, number] = [Math.ceil(features / 32), Math.ceil(rows.count / REDUCED_ROWS)];
  const pass = encoder.beginComputePass();
  dispatch(device, pass, programs.columnRange, [params, data, extremes], blocks);
  dispatch(device, pass, programs.columnMean, [params, data, extremes, means], blocks);
  dispatch(
    device,
    pass,
    programs.columnGrid,
    [params, null, extremes, means, grid],
    [Math.ceil(features / 64)],
  );
  dispatch(
    device,
    pass,
    programs.sliceRows,
    [params, data, grid, slices],
    [Math.ceil(columns / 32), Math.ceil(groups / 8)],
  );
  pass.end();
  const size = features * GRID_WORDS * 4;
  const readback = workspace.takeReadback(size);
  encoder.copyBufferToBuffer(grid.buffer, 0, readback, 0, size);
  return async () => decodeGrid(await workspace.read(readback, size), features);
}

/** Products of a run of tile columns, joined and copied to where they can be read. */
function submitRun(gpu: Gpu, encoder: GPUCommandEncoder, geometry: Geometry, { from, to }: Run): Readback {
  const { device, programs, workspace } = gpu;
  const { groups, sliceBytes } = geometry;
  const tiles = tilesBetween(from, to);
  const parts = Math.min(Math.ceil(ENOUGH_WORKGROUPS / tiles), Math.ceil(groups / LEAST_GROUPS));
  const groupsPerPart = Math.ceil(groups / parts);
  const firstSlot = tilesBetween(0, from);
  const params = encodeParams({ ...geometry, firstTileColumn: from, firstSlot, groupsPerPart });
  device.queue.writeBuffer(workspace.params, 0, params);
  const slices = workspace.take("slices", sliceBytes);
  const products = workspace.take("products", tiles * productBytes);
  const limbs = workspace.take("limbs", tiles * TILE * TILE * LIMBS * 4);
  encoder.clearBuffer(products.buffer, 0, products.size!);
  const pass = encoder.beginComputePass();
  const workgroups: [number, number, number] = [to, to - from, Math.ceil(groups / groupsPerPart)];
  const operands = [{ buffer: workspace.params }, slices, slices, products];
  dispatch(device, pass, programs.tileProducts, operands, workgroups);
  const joins: [number, number] = [Math.min(tiles, JOIN_ROW), Math.ceil(tiles / JOIN_ROW)];
  dispatch(device, pass, programs.joinLevels, [products, limbs], joins);
  pass.end();
  const buffer = workspace.takeReadback(limbs.size!);
  encoder.copyBufferToBuffer(limbs.buffer, 0, buffer, 0, limbs.size!);
  device.queue.submit([encoder.finish()]);
  return { buffer, size: limbs.size! };
}

/** Bytes of the levels of a tile. */
const productBytes: number = TILE * TILE * LEVELS * 4;

/** As few runs as a binding of `bindingBytes` allows. */
export function runsOf({ tiles }: Geometry, bindingBytes: number): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < tiles; ) {
    let to = from + 1;
    while (to < tiles && tilesBetween(from, to + 1) * productBytes <= bindingBytes) to++;
    runs.push({ from, to });
    from = to;
  }
  return runs;
}

/** Bindings in order; `null` leaves a place out. */
function dispatch(
  device: GPUDevice,
  pass: GPUComputePassEncoder,
  pipeline: GPUComputePipeline,
  bindings: readonly (GPUBufferBinding | null)[],
  [x, y, z]: [x: number, y?: number, z?: number],
): void {
  const entries = bindings.flatMap((resource, binding) => (resource === null ? [] : [{ binding, resource }]));
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(x, y, z);
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
