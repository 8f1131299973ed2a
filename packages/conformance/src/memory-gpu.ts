import type { Backend, GpuValues, SampleMatrix } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";

/** A GPU whose buffers lie in memory, so that tests without a GPU see what a backend is given. */
export interface MemoryGpu {
  readonly device: object;
  /** Buffers that hold values. */
  readonly living: number;
  /** Values in a buffer of their own, behind `before` of others. */
  hold(values: ArrayLike<number>, before?: number): GpuValues;
  /** Frees a buffer: nobody may read it from now on. */
  release(buffer: object): void;
  /** The reference backend, which takes batches in such buffers, too; `taken` are those that it was given. */
  openBackend(): Backend & { readonly taken: readonly SampleMatrix<GpuValues>[] };
}

/** A device, with no buffers yet. */
export function memoryGpu(): MemoryGpu {
  const device = {};
  const contents = new Map<object, Float32Array>();

  function read({ buffer, byteOffset, byteLength }: GpuValues): Float32Array {
    const held = contents.get(buffer);
    if (held === undefined) throw new TypeError("updateGpu: the buffer must be there, got one that is not");
    return held.subarray(byteOffset / 4, (byteOffset + byteLength) / 4);
  }

  return {
    device,
    get living() {
      return contents.size;
    },
    hold(values, before = 0) {
      const buffer = {};
      const others = new Array<number>(before).fill(Number.NaN);
      contents.set(buffer, Float32Array.from([...others, ...Array.from(values)]));
      return { device, buffer, byteOffset: 4 * before, byteLength: 4 * values.length };
    },
    release: (buffer) => void contents.delete(buffer),
    openBackend() {
      const inMemory = referenceBackend();
      const taken: SampleMatrix<GpuValues>[] = [];
      const createMoments: Backend["createMoments"] = (features) => {
        const moments = inMemory.createMoments(features);
        const updateGpu = (samples: SampleMatrix<GpuValues>) => {
          taken.push(samples);
          moments.update({ ...samples, data: read(samples.data) });
        };
        return Object.assign(moments, { updateGpu });
      };
      return { ...inMemory, gpuDevice: device, taken, createMoments };
    },
  };
}
