/// <reference types="@webgpu/types" />
import { EXACT } from "./exact-mode.js";
import { type Geometry, LEVELS, SLICES, TILE, tilesBetween } from "./geometry.js";
import { encodeParams } from "./wgsl/params.js";
import { MAP_READ, USAGE } from "./workspace.js";

/** One tile, and so many rows that float32 must hand its sums over before the end. */
const KNOWN: Geometry = EXACT.geometryOf(256, TILE - 1);

/** Ten tiles and 64 parts: work for a large GPU. */
const TIMED: Geometry = EXACT.geometryOf(4096, 4 * TILE - 1);
const TIMED_PARTS = 64;

/** Parts and dispatches of a measurement: from what a GPU in software does in a millisecond to what a large one does. */
const AMOUNTS: readonly (readonly [parts: number, dispatches: number])[] = [
  [1, 1],
  [4, 1],
  [16, 1],
  [64, 1],
  [64, 4],
  [64, 16],
  [64, 64],
];

/** Tries kernels of products: whether they are right, and how long they take. */
export class ProductTrial {
  /** Amounts of work that can be timed: 0 up to this, not included. */
  readonly amounts: number = AMOUNTS.length;
  readonly #device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];
  readonly #slices: GPUBuffer;
  readonly #params: GPUBuffer;
  readonly #sums: GPUBuffer;
  readonly #readback: GPUBuffer;
  readonly #bytes = knownSlices();
  readonly #expected = expectedSums(this.#bytes);

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#slices = this.#buffer(TIMED.operandBytes, USAGE.storage | USAGE.copyTarget);
    this.#params = this.#buffer(32, USAGE.uniform | USAGE.copyTarget);
    this.#sums = this.#buffer(sumBytes(TIMED), USAGE.storage | USAGE.copySource | USAGE.copyTarget);
    this.#readback = this.#buffer(sumBytes(KNOWN), USAGE.mapRead | USAGE.copyTarget);
  }

  /** Whether a kernel sums the products of known slices, the largest among them, without an error. */
  async isRight(pipeline: GPUComputePipeline): Promise<boolean> {
    this.#device.queue.writeBuffer(this.#slices, 0, this.#bytes);
    this.#device.pushErrorScope("validation");
    const encoder = this.#begin(KNOWN, 1);
    encoder.clearBuffer(this.#sums);
    this.#encode(encoder, pipeline, KNOWN, 1, 1);
    encoder.copyBufferToBuffer(this.#sums, 0, this.#readback, 0, this.#readback.size);
    this.#device.queue.submit([encoder.finish()]);
    // Both are waited for, lest one that fails later is nobody's.
    const [problem] = await Promise.all([this.#device.popErrorScope(), this.#readback.mapAsync(MAP_READ)]);
    const sums = new Int32Array(this.#readback.getMappedRange().slice(0));
    this.#readback.unmap();
    return problem === null && this.#expected.every((sum, at) => sum === sums[at]);
  }

  /** Milliseconds that a kernel takes for an amount of work. */
  async time(pipeline: GPUComputePipeline, amount: number): Promise<number> {
    const [parts, dispatches] = AMOUNTS[amount]!;
    const encoder = this.#begin(TIMED, TIMED_PARTS);
    this.#encode(encoder, pipeline, TIMED, parts, dispatches);
    const commands = encoder.finish();
    const start = performance.now();
    this.#device.queue.submit([commands]);
    await this.#device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  }

  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #begin(geometry: Geometry, parts: number): GPUCommandEncoder {
    const groupsPerPart = geometry.groups / parts;
    const params = encodeParams({ ...geometry, firstTileColumn: 0, firstSlot: 0, groupsPerPart });
    this.#device.queue.writeBuffer(this.#params, 0, params);
    return this.#device.createCommandEncoder();
  }

  #encode(
    encoder: GPUCommandEncoder,
    pipeline: GPUComputePipeline,
    { tiles }: Geometry,
    parts: number,
    dispatches: number,
  ): void {
    const buffers = [this.#params, this.#slices, this.#slices, this.#sums];
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const layout = pipeline.getBindGroupLayout(0);
    pass.setBindGroup(0, this.#device.createBindGroup({ layout, entries }));
    for (let k = 0; k < dispatches; k++) pass.dispatchWorkgroups(tiles, tiles, parts);
    pass.end();
  }

  #buffer(size: number, usage: number): GPUBuffer {
    const buffer = this.#device.createBuffer({ label: "delve trial", size, usage });
    this.#buffers.push(buffer);
    return buffer;
  }
}

function sumBytes({ tiles }: Geometry): number {
  return tilesBetween(0, tiles) * LEVELS * TILE * TILE * 4;
}

/** Bytes without a pattern, but for two columns of −128: their products are as large as products can be. */
function knownSlices(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: KNOWN.operandBytes }, (_, at) =>
    (at >> 2) % KNOWN.columns < 2 ? 0x80 : Math.imul(at + 1, 0x9e37_79b1) >>> 24,
  );
}

/**
 * The sums of the one tile. A thread computes either all of its 2 × 4 elements or none: those that a thread on the diagonal
 * has below it are there, too.
 */
function expectedSums(bytes: Uint8Array): Int32Array {
  const columns = digitsByColumn(bytes);
  const sums = new Int32Array(LEVELS * TILE * TILE);
  for (let level = 0, at = 0; level < LEVELS; level++) {
    for (let i = 0; i < TILE; i++) {
      for (let j = 0; j < TILE; j++, at++) {
        if ((i & ~1) <= (j | 3)) sums[at] = levelSum(columns[i]!, columns[j]!, level);
      }
    }
  }
  return sums;
}

/** Signed digits, column by column, slice after slice. */
function digitsByColumn(bytes: Uint8Array): Int8Array[] {
  const { columns, groups } = KNOWN;
  const signed = new Int8Array(bytes.buffer);
  return Array.from({ length: columns }, (_, column) =>
    Int8Array.from(
      { length: SLICES * groups * 4 },
      (_, at) => signed[((at >> 2) * columns + column) * 4 + (at & 3)]!,
    ),
  );
}

/** Σ of the products of slices s of one column and t of another with s + t = level. */
function levelSum(a: Int8Array, b: Int8Array, level: number): number {
  const rows = KNOWN.groups * 4;
  let sum = 0;
  for (let s = Math.max(0, level - SLICES + 1); s <= Math.min(level, SLICES - 1); s++) {
    const [first, second] = [s * rows, (level - s) * rows];
    for (let r = 0; r < rows; r++) sum += a[first + r]! * b[second + r]!;
  }
  return sum;
}
