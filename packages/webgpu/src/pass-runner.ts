/// <reference types="@webgpu/types" />
import { BackendUnavailableError, OutOfMemoryError } from "@delve/kernel";
import type { PassResult } from "./combine.js";
import { inErrorScopes } from "./error-scopes.js";
import { Gatherer } from "./gatherer.js";
import { type Gpu, runPass } from "./gpu-pass.js";
import { countOf, type GpuRows, TALLY_WORDS } from "./gpu-rows.js";
import { joinMoments, joinRows } from "./halves.js";
import type { PackedRows } from "./packed-rows.js";

/** What became of a pass: its result; or why there is none, and its rows, if they are still at hand. */
export type PassOutcome =
  | PassResult
  | { readonly error: Error; readonly rescued: PackedRows | null; readonly tally?: Uint32Array };

/** Runs passes on a device, as long as it is there. */
export class PassRunner {
  readonly gpu: Gpu;
  #gatherer: Gatherer | null = null;
  #lost: GPUDeviceLostInfo | undefined;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
    void gpu.device.lost.then((info) => {
      this.#lost = info;
    });
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Made when first asked for: most users have no rows on the device. */
  get gatherer(): Gatherer {
    this.#gatherer ??= new Gatherer(this.gpu.device);
    return this.#gatherer;
  }

  /** @throws {BackendUnavailableError} If the device is lost; it says why. */
  requireDevice(caller: string): void {
    if (this.#lost !== undefined) throw lostDevice(caller, this.#lost);
  }

  /** Queues a pass over rows that it has read, or queued to read, when it returns. The promise is never rejected. */
  async run(rows: PackedRows | GpuRows): Promise<PassOutcome> {
    return "tally" in rows ? this.#runThere(rows) : this.#runHere(rows);
  }

  async #runHere(rows: PackedRows): Promise<PassOutcome> {
    try {
      this.requireDevice("state");
      return await runPass(this.gpu, rows);
    } catch (error) {
      return { error: await this.#explain(error), rescued: rows };
    }
  }

  /** Rows on the device are kept until their results are there, as long as there is memory for that. */
  async #runThere(rows: GpuRows): Promise<PassOutcome> {
    const { gatherer } = this;
    let isKept = true;
    try {
      this.requireDevice("state");
      const passing = runPass(this.gpu, rows);
      isKept = !gatherer.isFull;
      if (!isKept) gatherer.giveBack(rows);
      const result = await passing;
      if (isKept) gatherer.giveBack(rows);
      return rows.halves === null ? result : { ...result, ...joinMoments(result, rows.halves) };
    } catch (error) {
      const explained = await this.#explain(error);
      const outcome = isKept ? await this.#rescue(rows) : null;
      if (isKept) gatherer.destroy(rows);
      else gatherer.destroyIdle(rows);
      if (outcome !== null) return { ...outcome, error: explained };
      explained.message += `; up to ${rows.count} rows that were in its memory alone are lost`;
      return { error: explained, rescued: null };
    }
  }

  /**
   * Queues something else.
   *
   * @returns What the device says against it, if anything, when it has come so far.
   */
  async watch(action: () => void): Promise<GPUError | null> {
    return inErrorScopes(this.gpu.device, action).problem;
  }

  dispose(): void {
    this.#gatherer?.dispose();
    this.gpu.workspace.dispose();
  }

  /** Reads rows back that a living device could not take in; `null` if that is not possible either. */
  async #rescue(rows: GpuRows): Promise<{ rescued: PackedRows; tally: Uint32Array } | null> {
    const words = this.isLost ? null : await this.#readBack(rows).catch(() => null);
    if (words === null) return null;
    const tally = words.slice(rows.count * rows.features);
    const count = countOf(tally);
    const values = new Float32Array(words.buffer as ArrayBuffer, 0, count * rows.features);
    const rescued = { values, count, features: rows.features };
    return { tally, rescued: rows.halves === null ? rescued : joinRows(rescued, rows.halves) };
  }

  /** All rows, and the tally behind them; `null` if there is no memory for that. */
  async #readBack({ buffer, tally, count, features }: GpuRows): Promise<Uint32Array | null> {
    const { device, workspace } = this.gpu;
    const [bytes, more] = [count * features * 4, TALLY_WORDS * 4];
    let readback: GPUBuffer | undefined;
    const problem = await this.watch(() => {
      readback = workspace.takeReadback(bytes + more);
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, 0, readback, 0, bytes);
      encoder.copyBufferToBuffer(tally, 0, readback, bytes, more);
      device.queue.submit([encoder.finish()]);
    });
    if (problem === null) return workspace.read(readback!, bytes + more);
    readback?.destroy();
    return null;
  }

  /** A device that is lost says so to whoever waits on it before `lost` is settled. */
  async #explain(error: unknown): Promise<Error> {
    this.gpu.workspace.clear();
    if (error instanceof BackendUnavailableError) return error;
    const { device } = this.gpu;
    const later = device.queue.onSubmittedWorkDone().then(
      () => undefined,
      () => undefined,
    );
    const lost = await Promise.race([device.lost, later.then(() => this.#lost)]);
    if (lost !== undefined) {
      this.#lost = lost;
      return lostDevice("state", lost);
    }
    const reason = error instanceof Error ? error.message : String((error as GPUError).message);
    // A RangeError is the processor's: an array that it has no room for.
    if (error instanceof RangeError || /memory/i.test(reason)) {
      return new OutOfMemoryError(`state: a pass needs memory, got "${reason}"`);
    }
    return new BackendUnavailableError(`state: the GPU must run a pass, got "${reason}"`);
  }
}

function lostDevice(caller: string, { reason, message }: GPUDeviceLostInfo): BackendUnavailableError {
  const why = [reason, message].filter(Boolean).join(": ");
  return new BackendUnavailableError(`${caller}: the GPU device must be there, got a lost one (${why})`);
}
