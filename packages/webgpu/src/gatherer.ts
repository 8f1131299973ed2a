/// <reference types="@webgpu/types" />
import { type GpuRows, TALLY_WORDS } from "./gpu-rows.js";
import type { GpuSource } from "./gpu-source.js";
import { encodeSource, GATHER } from "./wgsl/gather.js";
import { USAGE } from "./workspace.js";

/** A part of a batch. */
export interface Part {
  readonly firstRow: number;
  readonly rows: number;
}

/** Workgroups that look through a batch together. */
const SCANS = 4096;

/** Buffers that wait for the next rows, of all accumulators together. */
const MOST_IDLE = 8;

/**
 * Bytes of rows, waiting and under way, beyond which they are not kept until the results of their pass are there. A loop
 * that never lets results come, as tfjs's `predict` is one, would fill the device's memory.
 */
const MOST_KEPT = 2 ** 29;

const COMPUTE_STAGE = 4;

/** Memory for rows, on the device. */
export type RowBuffer = Pick<GpuRows, "buffer" | "tally">;

/**
 * Copies batches that lie on a device to the rows of passes, without a word between the device and the processor. One
 * for all accumulators of a backend: what they ask for is queued in the order in which they do.
 */
export class Gatherer {
  readonly #device: GPUDevice;
  readonly #params: GPUBuffer;
  readonly #verdict: GPUBuffer;
  readonly #layout: GPUBindGroupLayout;
  readonly #scan: GPUComputePipeline;
  readonly #gather: GPUComputePipeline;
  readonly #commit: GPUComputePipeline;
  readonly #living = new Map<GPUBuffer, RowBuffer>();
  #idle: RowBuffer[] = [];
  #bytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#params = device.createBuffer({ size: 64, usage: USAGE.uniform | USAGE.copyTarget });
    this.#verdict = device.createBuffer({ size: 4, usage: USAGE.storage | USAGE.copyTarget });
    const types = ["uniform", "read-only-storage", "storage", "storage", "storage"] as const;
    this.#layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type } })),
    });
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.#layout] });
    const module = device.createShaderModule({ label: "delve gather", code: GATHER });
    const compile = (entryPoint: string) =>
      device.createComputePipeline({ label: `delve ${entryPoint}`, layout, compute: { module, entryPoint } });
    [this.#scan, this.#gather, this.#commit] = [compile("scan"), compile("gather"), compile("commit")];
  }

  /** Whether there is so much memory in use that rows are better overwritten as soon as the device has read them. */
  get isFull(): boolean {
    return this.#bytes > MOST_KEPT;
  }

  /** Memory for so many bytes of rows, with a tally of zeros. */
  take(bytes: number): RowBuffer {
    const at = this.#idle.findIndex(({ buffer }) => buffer.size >= bytes && buffer.size <= 4 * bytes);
    if (at >= 0) {
      const [rows] = this.#idle.splice(at, 1);
      this.#device.queue.writeBuffer(rows!.tally, 0, new Uint32Array(TALLY_WORDS));
      return rows!;
    }
    const usage = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
    const create = (label: string, size: number) => this.#device.createBuffer({ label, size, usage });
    const rows = { buffer: create("delve gathered", bytes), tally: create("delve tally", 4 * TALLY_WORDS) };
    this.#living.set(rows.buffer, rows);
    this.#bytes += bytes;
    return rows;
  }

  /** Takes memory back whose rows and tally have been read, or are read before anything that is queued from now on. */
  giveBack(rows: RowBuffer): void {
    if (this.#idle.length < MOST_IDLE && this.#living.has(rows.buffer)) this.#idle.push(rows);
    else this.destroy(rows);
  }

  /** Frees memory whose rows nobody wants. */
  destroy(rows: RowBuffer): void {
    this.#idle = this.#idle.filter(({ buffer }) => buffer !== rows.buffer);
    if (this.#living.delete(rows.buffer)) this.#bytes -= rows.buffer.size;
    rows.buffer.destroy();
    rows.tally.destroy();
  }

  /** Frees memory that has been given back, unless somebody has taken it: there may be none behind it. */
  destroyIdle(rows: RowBuffer): void {
    if (this.#idle.some(({ buffer }) => buffer === rows.buffer)) this.destroy(rows);
  }

  /** Queues the copying of parts of a batch, which have to be all of it, one after another. */
  gather(source: GpuSource, { firstRow, rows }: Part, { buffer, tally }: RowBuffer): void {
    const { view } = source;
    const isLast = firstRow + rows === view.rows;
    // More rows than there are would not fit 32 bits.
    const blockRows = Math.min(view.blockRows, view.rows);
    const params = { ...view, blockRows, rows, firstRow, batchRows: view.rows, isLast, pool: source.pool };
    this.#device.queue.writeBuffer(this.#params, 0, encodeSource(params));
    const encoder = this.#device.createCommandEncoder({ label: "delve gather" });
    const staging = this.#staged(encoder, source);
    const resources = [this.#params, staging ?? source, this.#verdict, tally, buffer].map(bindingOf);
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    // Of a batch before, if its end could not be queued.
    if (firstRow === 0) encoder.clearBuffer(this.#verdict);
    const pass = encoder.beginComputePass();
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: this.#layout, entries }));
    const columns = Math.ceil(view.features / 32);
    if (firstRow === 0) dispatch(pass, this.#scan, columns, Math.min(Math.ceil(view.rows / 8), SCANS));
    dispatch(pass, this.#gather, columns, Math.ceil(rows / 8));
    dispatch(pass, this.#commit, 1, 1);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    staging?.destroy();
  }

  dispose(): void {
    for (const rows of [...this.#living.values()]) this.destroy(rows);
    this.#idle = [];
    this.#params.destroy();
    this.#verdict.destroy();
  }

  /** A copy of what cannot be bound where it is; `null` where it can. */
  #staged(encoder: GPUCommandEncoder, { buffer, byteOffset, byteLength }: GpuSource): GPUBuffer | null {
    if ((buffer.usage & USAGE.storage) !== 0) return null;
    const usage = USAGE.storage | USAGE.copyTarget;
    const staging = this.#device.createBuffer({ label: "delve staging", size: byteLength, usage });
    encoder.copyBufferToBuffer(buffer, byteOffset, staging, 0, byteLength);
    return staging;
  }
}

function bindingOf(of: GPUBuffer | GpuSource): GPUBufferBinding {
  if (!("view" in of)) return { buffer: of };
  return { buffer: of.buffer, offset: of.byteOffset, size: of.byteLength };
}

function dispatch(pass: GPUComputePassEncoder, pipeline: GPUComputePipeline, x: number, y: number): void {
  pass.setPipeline(pipeline);
  pass.dispatchWorkgroups(x, y);
}
