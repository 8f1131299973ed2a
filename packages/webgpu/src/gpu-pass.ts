/// <reference types="@webgpu/types" />
import { combine, type PassResult } from "./combine.js";
import { type Geometry, GRID_WORDS, geometryOf, LEVELS, LIMBS, TILE, tilesBetween } from "./geometry.js";
import { countOf, type GpuRows, TALLY_WORDS } from "./gpu-rows.js";
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

/** What a pass learns of its rows. */
interface Learned {
  readonly grid: Grid;
  /** Of rows that lay on the device. */
  readonly tally?: Uint32Array;
}

/** Results on their way back: read once the queue has come so far. */
interface Readback {
  readonly buffer: GPUBuffer;
  readonly size: number;
}

/**
 * Queues a pass over rows that it has read, or queued to read, when it returns. One submission for each run, of which there is one unless
 * the layer is very wide.
 *
 * @returns The moments of the rows, when the device has come so far. Rejected when it is lost or has no memory.
 */
export function runPass(gpu: Gpu, rows: PackedRows | GpuRows): Promise<PassResult> {
  const { device, workspace } = gpu;
  const geometry = geometryOf(rows.count, rows.features);
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const begin = device.createCommandEncoder();
  const learn = isDouble(rows)
    ? uploadSlices(gpu, rows.values, geometry)
    : sliceOnGpu(gpu, begin, rows, geometry);
  const readbacks = runsOf(geometry, device.limits.maxStorageBufferBindingSize).map((run, k) =>
    submitRun(gpu, k === 0 ? begin : device.createCommandEncoder(), geometry, run),
  );
  const results = readbacks.map(({ buffer, size }) => workspace.read(buffer, size));
  const learned = learn();
  // After the reads, which are no less wrong without memory.
  const problems = [device.popErrorScope(), device.popErrorScope()];
  return finish(problems, results, learned, geometry);
}

async function finish(
  problems: Promise<GPUError | null>[],
  results: Promise<Uint32Array>[],
  learned: Promise<Learned>,
  geometry: Geometry,
): Promise<PassResult> {
  // All of them, lest one that fails later is nobody's.
  const outcomes = await Promise.allSettled([...problems, ...results, learned]);
  for (const outcome of outcomes.slice(0, problems.length)) {
    if (outcome.status === "fulfilled" && outcome.value !== null) throw outcome.value;
  }
  const parts = await Promise.all(results);
  const limbs = parts.length === 1 ? parts[0]! : concatenate(parts);
  const { grid, tally } = await learned;
  if (tally === undefined) return combine(limbs, grid, geometry);
  return { ...combine(limbs, grid, { ...geometry, rows: countOf(tally) }), tally };
}

const isDouble = (rows: PackedRows | GpuRows): rows is PackedRows & { values: Float64Array } =>
  "values" in rows && rows.values instanceof Float64Array;

/** float64: values are sliced here, and only their digits are sent. */
function uploadSlices(
  { device, workspace }: Gpu,
  values: Float64Array,
  geometry: Geometry,
): () => Promise<Learned> {
  const { bytes, grid } = sliceFloat64(values, geometry);
  device.queue.writeBuffer(workspace.take("slices", geometry.sliceBytes).buffer, 0, bytes);
  return async () => ({ grid });
}

/** float32: values are sent as they are, unless they are on the device, and sliced there. */
function sliceOnGpu(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  rows: PackedRows | GpuRows,
  geometry: Geometry,
): () => Promise<Learned> {
  const { device, programs, workspace } = gpu;
  const { features, groups, columns, sliceBytes } = geometry;
  const params = { buffer: workspace.params };
  const data = "tally" in rows ? rowsThere(gpu, encoder, rows) : sendRows(gpu, rows);
  const extremes = workspace.take("extremes", features * 8);
  const means = workspace.take("means", features * 4);
  const grid = workspace.take("grid", features * GRID_WORDS * 4);
  const slices = workspace.take("slices", sliceBytes);
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
  return readLearned(gpu, encoder, grid, "tally" in rows ? rows.tally : null);
}

/** Values in memory, as the binding that the kernels read. */
function sendRows({ device, workspace }: Gpu, rows: PackedRows): GPUBufferBinding {
  const values = rows.values as Float32Array<ArrayBuffer>;
  const data = workspace.take("rows", values.byteLength);
  device.queue.writeBuffer(data.buffer, 0, values);
  return data;
}

/** Values on the device, which tells the kernels itself how many rows there are. */
function rowsThere({ workspace }: Gpu, encoder: GPUCommandEncoder, rows: GpuRows): GPUBufferBinding {
  encoder.copyBufferToBuffer(rows.tally, 0, workspace.params, 0, 4);
  return { buffer: rows.buffer, size: rows.count * rows.features * 4 };
}

/** Queues the reading of the grid and the tally. */
function readLearned(
  { workspace }: Gpu,
  encoder: GPUCommandEncoder,
  grid: GPUBufferBinding & { buffer: GPUBuffer },
  tally: GPUBuffer | null,
): () => Promise<Learned> {
  const gridBytes = grid.size!;
  const size = gridBytes + (tally === null ? 0 : TALLY_WORDS * 4);
  const readback = workspace.takeReadback(size);
  encoder.copyBufferToBuffer(grid.buffer, 0, readback, 0, gridBytes);
  if (tally !== null) encoder.copyBufferToBuffer(tally, 0, readback, gridBytes, TALLY_WORDS * 4);
  return async () => {
    const words = await workspace.read(readback, size);
    const learned = { grid: decodeGrid(words, gridBytes / (GRID_WORDS * 4)) };
    return tally === null ? learned : { ...learned, tally: words.slice(gridBytes / 4) };
  };
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
