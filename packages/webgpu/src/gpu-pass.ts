/// <reference types="@webgpu/types" />
import { emptyState } from "@delve/kernel";
import type { PassResult } from "./combine.js";
import { inErrorScopes } from "./error-scopes.js";
import { type Geometry, GRID_WORDS, SUM_WORDS, TILE, tilesBetween } from "./geometry.js";
import { countOf, type GpuRows, TALLY_WORDS } from "./gpu-rows.js";
import { decodeColumnSums, decodeGrid } from "./grid.js";
import type { Columns, PassMode } from "./mode.js";
import type { PackedRows } from "./packed-rows.js";
import type { Programs } from "./programs.js";
import { REDUCED_ROWS } from "./wgsl/columns.js";
import { encodeParams } from "./wgsl/params.js";
import type { Workspace } from "./workspace.js";

/** Workgroups of products that keep a large GPU busy; where there are fewer tiles, rows are dealt out, too. */
const ENOUGH_WORKGROUPS = 512;

/** Groups for which it pays to have a workgroup of their own. */
const LEAST_GROUPS = 64;

/** Tiles in a row of workgroups of `JOIN_LEVELS`. */
const JOIN_ROW = 16384;

/** What passes run on, and how. */
export interface Gpu {
  readonly mode: PassMode;
  readonly device: GPUDevice;
  readonly programs: Programs;
  readonly workspace: Workspace;
}

type Binding = GPUBufferBinding & { buffer: GPUBuffer };

/** A run of tile columns whose products fit a binding. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** What a pass learns of its rows. */
interface Learned extends Columns {
  /** Of rows that lay on the device. */
  readonly tally?: Uint32Array;
}

/** Results on their way back: read once the queue has come so far. */
interface Readback {
  readonly buffer: GPUBuffer;
  readonly size: number;
}

/** A pass that has been queued. */
interface Queued {
  readonly results: Promise<Uint32Array>[];
  readonly learned: Promise<Learned>;
}

/**
 * Queues a pass over rows that it has read, or queued to read, when it returns. One submission for each run, of which
 * there is one unless the layer is very wide.
 *
 * @returns The moments of the rows, when the device has come so far. Rejected when it is lost or has no memory.
 */
export async function runPass(gpu: Gpu, rows: PackedRows | GpuRows): Promise<PassResult> {
  const geometry = gpu.mode.geometryOf(rows.count, rows.features);
  const { result, problem } = inErrorScopes(gpu.device, () => submitPass(gpu, rows, geometry));
  return finish(gpu.mode, problem, result, geometry);
}

/** The reads are begun here, too: they are no less wrong without memory. */
function submitPass(gpu: Gpu, rows: PackedRows | GpuRows, geometry: Geometry): Queued {
  const { device, mode, workspace } = gpu;
  const begin = device.createCommandEncoder();
  const learn = isDouble(rows)
    ? uploadOperands(gpu, rows.values, geometry)
    : cutOnGpu(gpu, begin, rows, geometry);
  const tileBytes = TILE * TILE * mode.sumWords * 4;
  const readbacks = runsOf(geometry, tileBytes, device.limits.maxStorageBufferBindingSize).map((run, k) =>
    submitRun(gpu, k === 0 ? begin : device.createCommandEncoder(), geometry, run),
  );
  const results = readbacks.map(({ buffer, size }) => workspace.read(buffer, size));
  return { results, learned: learn() };
}

async function finish(
  mode: PassMode,
  problem: Promise<GPUError | null>,
  { results, learned }: Queued,
  geometry: Geometry,
): Promise<PassResult> {
  // All of them, lest one that fails later is nobody's.
  await Promise.allSettled([...results, learned]);
  const found = await problem;
  if (found !== null) throw found;
  const parts = await Promise.all(results);
  const sums = parts.length === 1 ? parts[0]! : concatenate(parts);
  const columns = await learned;
  const { tally } = columns;
  if (tally === undefined) return mode.combine(sums, columns, geometry);
  const rows = countOf(tally);
  if (rows === 0) return { state: emptyState(geometry.features), bound: 0, tally };
  return { ...mode.combine(sums, columns, { ...geometry, rows }), tally };
}

const isDouble = (rows: PackedRows | GpuRows): rows is PackedRows & { values: Float64Array } =>
  "values" in rows && rows.values instanceof Float64Array;

/** float64: operands are made here, and only they are sent. */
function uploadOperands(
  { device, mode, workspace }: Gpu,
  values: Float64Array,
  geometry: Geometry,
): () => Promise<Learned> {
  const { operands, ...columns } = mode.cut(values, geometry);
  device.queue.writeBuffer(workspace.take("operands", geometry.operandBytes).buffer, 0, operands);
  return async () => columns;
}

/** float32: values are sent as they are, unless they are on the device, and operands made there. */
function cutOnGpu(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  rows: PackedRows | GpuRows,
  geometry: Geometry,
): () => Promise<Learned> {
  const { device, mode, programs, workspace } = gpu;
  const { features, groups, columns, operandBytes } = geometry;
  const params = { buffer: workspace.params };
  const data = "tally" in rows ? rowsThere(gpu, encoder, rows) : sendRows(gpu, rows);
  const extremes = workspace.take("extremes", features * 8);
  const means = workspace.take("means", features * 4);
  const grid = workspace.take("grid", features * GRID_WORDS * 4);
  const operands = workspace.take("operands", operandBytes);
  const sums = mode.addsColumns ? workspace.take("columnSums", features * SUM_WORDS * 4) : null;
  for (const { buffer, size } of [extremes, means, sums ?? means]) encoder.clearBuffer(buffer, 0, size!);
  const blocks: [number, number] = [Math.ceil(features / 32), Math.ceil(rows.count / REDUCED_ROWS)];
  const strips = Math.ceil((groups * 4) / mode.operandRows);
  const pass = encoder.beginComputePass();
  dispatch(device, pass, programs.columnRange, [params, data, extremes], blocks);
  dispatch(device, pass, programs.columnMean, [params, data, extremes, means], blocks);
  const columnBindings = [params, null, extremes, means, grid];
  dispatch(device, pass, programs.columnGrid, columnBindings, [Math.ceil(features / 64)]);
  const operandBindings = [params, data, grid, operands, sums];
  dispatch(device, pass, programs.operands, operandBindings, [Math.ceil(columns / 32), strips]);
  pass.end();
  return readLearned(gpu, encoder, { grid, sums, tally: "tally" in rows ? rows.tally : null }, geometry);
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

/** Queues the reading of what a pass learns. */
function readLearned(
  { workspace }: Gpu,
  encoder: GPUCommandEncoder,
  { grid, sums, tally }: { grid: Binding; sums: Binding | null; tally: GPUBuffer | null },
  { rows, features }: Geometry,
): () => Promise<Learned> {
  const sources: Binding[] = [grid, ...(sums ? [sums] : [])];
  if (tally) sources.push({ buffer: tally, size: TALLY_WORDS * 4 });
  const total = sources.reduce((bytes, { size }) => bytes + size!, 0);
  const readback = workspace.takeReadback(total);
  let at = 0;
  for (const { buffer, size } of sources) {
    encoder.copyBufferToBuffer(buffer, 0, readback, at, size);
    at += size!;
  }
  return async () => {
    const words = await workspace.read(readback, total);
    const [first, second] = [features * GRID_WORDS, features * (GRID_WORDS + SUM_WORDS)];
    const count = tally ? countOf(words.subarray(-TALLY_WORDS)) : rows;
    return {
      grid: decodeGrid(words, features),
      sums: sums && decodeColumnSums(words.subarray(first, second), features, count),
      ...(tally && { tally: words.slice(-TALLY_WORDS) }),
    };
  };
}

/** Products of a run of tile columns, joined where the mode has it so and copied to where they can be read. */
function submitRun(gpu: Gpu, encoder: GPUCommandEncoder, geometry: Geometry, { from, to }: Run): Readback {
  const { device, mode, programs, workspace } = gpu;
  const { groups, operandBytes } = geometry;
  const tiles = tilesBetween(from, to);
  const parts = Math.min(Math.ceil(ENOUGH_WORKGROUPS / tiles), Math.ceil(groups / LEAST_GROUPS));
  const groupsPerPart = Math.ceil(groups / parts / mode.step) * mode.step;
  const firstSlot = tilesBetween(0, from);
  const params = encodeParams({ ...geometry, firstTileColumn: from, firstSlot, groupsPerPart });
  device.queue.writeBuffer(workspace.params, 0, params);
  const operands = workspace.take("operands", operandBytes);
  const products = workspace.take("products", tiles * TILE * TILE * mode.sumWords * 4);
  encoder.clearBuffer(products.buffer, 0, products.size!);
  const pass = encoder.beginComputePass();
  const workgroups: [number, number, number] = [to, to - from, Math.ceil(groups / groupsPerPart)];
  const bindings = [{ buffer: workspace.params }, operands, operands, products];
  dispatch(device, pass, programs.products, bindings, workgroups);
  let results = products;
  if (programs.join) {
    results = workspace.take("limbs", tiles * TILE * TILE * mode.resultWords * 4);
    const joins: [number, number] = [Math.min(tiles, JOIN_ROW), Math.ceil(tiles / JOIN_ROW)];
    dispatch(device, pass, programs.join, [products, results], joins);
  }
  pass.end();
  const size = results.size!;
  const buffer = workspace.takeReadback(size);
  encoder.copyBufferToBuffer(results.buffer, 0, buffer, 0, size);
  device.queue.submit([encoder.finish()]);
  return { buffer, size };
}

/** As few runs as a binding of `bindingBytes` allows. */
function runsOf({ tiles }: Geometry, tileBytes: number, bindingBytes: number): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < tiles; ) {
    let to = from + 1;
    while (to < tiles && tilesBetween(from, to + 1) * tileBytes <= bindingBytes) to++;
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
